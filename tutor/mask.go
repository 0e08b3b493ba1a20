package tutor

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
)

// Identities knows how people call themselves and how they are reached. Without a resume there is nothing, and no error.
type Identities interface {
	// Personal gives what all resumes of a person say of who they are, each text once.
	Personal(ctx context.Context, person uuid.UUID) ([]resume.Personal, error)
}

// Hidden is one thing that a prompt does not say.
type Hidden struct {
	Placeholder string `json:"placeholder"`
	Kind        string `json:"kind"` // name, email, phone, address, link or birth_date
}

// Mask replaces what says who somebody is by placeholders, and puts it back. One mask serves one answer; it is not safe for concurrent use.
type Mask struct {
	values []string
	hidden []Hidden
}

// NewMask makes a mask for what is known of the person, and for what the patterns find in the texts that will be hidden.
func NewMask(personal []resume.Personal, texts ...string) (*Mask, error) {
	m := &Mask{}
	for _, p := range personal {
		if p.Text == "" {
			continue
		}
		m.values = append(m.values, p.Text)
		m.hidden = append(m.hidden, Hidden{Placeholder: fmt.Sprintf("⟦%s-%d⟧", strings.ToUpper(string(p.Kind)), len(m.values)), Kind: string(p.Kind)})
	}
	return m, nil
}

// Hide gives a text without what is personal in it. An error means that something is left, and that the text must not leave.
func (m *Mask) Hide(text string) (string, error) {
	for i, v := range m.values {
		text = strings.ReplaceAll(text, v, m.hidden[i].Placeholder)
	}
	for _, v := range m.values {
		if strings.Contains(text, v) {
			return "", errUnmasked
		}
	}
	return text, nil
}

var errUnmasked = fault.New(fault.Unavailable, "not-masked", "What is personal in this conversation could not be hidden from the language model, so it was not asked.")

// Hidden lists what was hidden until now, each once.
func (m *Mask) Hidden() []Hidden { return m.hidden }

// Restore puts back what placeholders in whole sentences of an answer stand for.
func (m *Mask) Restore(text string) string {
	for i, v := range m.values {
		text = strings.ReplaceAll(text, m.hidden[i].Placeholder, v)
	}
	return text
}
