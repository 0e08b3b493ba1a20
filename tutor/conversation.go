package tutor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
)

// Kept is what is kept beside a conversation from one turn to the next.
type Kept struct {
	State   State      `json:"state"`             // of the mode
	Asked   *Asked     `json:"asked,omitempty"`   // a question that a model made up and that waits for its answer; nil for none
	Made    int        `json:"made,omitempty"`    // questions that models made up
	Problem *Problem   `json:"problem,omitempty"` // one that the person brought to the ladder of hints; nil for none
	Answers []Answered `json:"answers,omitempty"` // of the interview that is under way
	Earlier *Earlier   `json:"earlier,omitempty"` // the older turns in short; nil while all of them fit
	Before  *Kept      `json:"before,omitempty"`  // as it was before the last turn, which another answer goes on from
	// Unanswered is a message of the person whose answer broke off, so that it can be tried again; "" for none.
	Unanswered string `json:"unanswered,omitempty"`
}

// Problem is what a person brought to the ladder of hints.
type Problem struct {
	Text  string `json:"text"`
	Rung  int    `json:"rung"`  // hints given
	Tried bool   `json:"tried"` // the person has tried; before that the last rung stays closed
}

// Answered is a question of an interview with its answer.
type Answered struct {
	Place    int    `json:"place"` // in the plan
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// copied is a copy that shares nothing.
func (k *Kept) copied() Kept {
	var out Kept
	b, err := json.Marshal(k)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		panic(err) // plain structs always pass
	}
	return out
}

// Earlier are the older turns of a conversation in short.
type Earlier struct {
	UpTo   uuid.UUID `json:"up_to"` // the last message that is in it
	Text   string    `json:"text"`
	Engine string    `json:"engine"` // who wrote it: a model's name or EngineBuiltIn
}

// Asked is a question that a model made up from the catalogue, with what its answer is held against.
type Asked struct {
	Skill         string   `json:"skill"`
	Level         int      `json:"level"`
	Question      string   `json:"question"`
	Choices       []string `json:"choices"` // in the order in which they were shown
	Right         int      `json:"right"`   // place of the right one
	Because       string   `json:"because"`
	Misconception string   `json:"misconception"`
}

// StartRequest opens a conversation.
type StartRequest struct {
	Role      string     `json:"role"`
	Phase     string     `json:"phase"`     // "" for the role as a whole
	Milestone string     `json:"milestone"` // "" for none; its phase is the conversation's where none is given
	Skill     string     `json:"skill"`     // "" for none
	ResumeID  *uuid.UUID `json:"resume_id"` // nil for a conversation that knows nothing of the person
	Mode      Mode       `json:"mode"`      // "" for Coach
}

// Start opens a conversation. Errors are fault.NotFound for the role, the phase, the milestone, the skill or the resume and fault.Invalid for
// the mode.
func (s *Service) Start(ctx context.Context, person uuid.UUID, r StartRequest) (Conversation, error) {
	role, err := s.o.Catalog.Role(r.Role)
	if err != nil {
		return Conversation{}, err
	}
	if r.Mode == "" {
		r.Mode = Coach
	}
	if !slices.Contains(Modes(), r.Mode) {
		return Conversation{}, fault.Newf(fault.Invalid, "invalid-mode", "The mode is one of %s.", modeList()).In("mode")
	}
	c := Conversation{ID: s.o.NewID(), Person: person, Role: role.ID, ResumeID: r.ResumeID, Mode: r.Mode, CreatedAt: s.o.Now().UTC()}
	if c.Phase, c.Milestone, c.Skill, err = s.subject(role, r); err != nil {
		return Conversation{}, err
	}
	c.UpdatedAt = c.CreatedAt
	if r.ResumeID != nil {
		if _, err := s.o.Reports.Gaps(ctx, person, *r.ResumeID, role.ID, gapanalysis.Ask{}); err != nil {
			return Conversation{}, err
		}
	}
	if err := s.o.Conversations.Start(ctx, person, c); err != nil {
		return Conversation{}, err
	}
	return c, nil
}

// subject is what a conversation is about, under the ids of today.
func (s *Service) subject(role *catalog.Role, r StartRequest) (phase, milestone, skill string, err error) {
	if r.Milestone != "" {
		p, m, err := role.Milestone(r.Milestone)
		if err != nil {
			return "", "", "", err
		}
		phase, milestone = p.ID, m.ID
	}
	if r.Phase != "" {
		p, err := role.Phase(r.Phase)
		if err != nil {
			return "", "", "", err
		}
		if milestone != "" && p.ID != phase {
			return "", "", "", fault.New(fault.Invalid, "other-phase", "The milestone belongs to another phase. Leave the phase out, or give the milestone's.").In("phase")
		}
		phase = p.ID
	}
	if r.Skill != "" {
		k, err := s.o.Catalog.Skill(r.Skill)
		if err != nil {
			return "", "", "", err
		}
		skill = k.ID
	}
	return phase, milestone, skill, nil
}

func modeList() string {
	out := make([]string, len(Modes()))
	for i, m := range Modes() {
		out[i] = string(m)
	}
	return strings.Join(out, ", ")
}

// maxListing bounds a list of conversations; nobody keeps more.
const maxListing = 500

// Conversations lists the person's conversations, the one that was talked in last first.
func (s *Service) Conversations(ctx context.Context, person uuid.UUID) ([]Conversation, error) {
	list, err := s.o.Conversations.Conversations(ctx, person, maxListing)
	for i := range list {
		list[i].Place = list[i].Kept.place(list[i].Mode)
	}
	return list, err
}

// Transcript is a conversation with everything that was said in it, the oldest first.
func (s *Service) Transcript(ctx context.Context, person, conversation uuid.UUID) (Conversation, []Message, error) {
	c, err := s.o.Conversations.Conversation(ctx, person, conversation)
	if err != nil {
		return Conversation{}, nil, err
	}
	c.Place = c.Kept.place(c.Mode)
	history, err := s.o.Messages.History(ctx, person, conversation, MaxMessages)
	return c, history, err
}

// Delete ends what is being answered in a conversation and deletes it with all that was said in it.
func (s *Service) Delete(ctx context.Context, person, conversation uuid.UUID) error {
	if _, err := s.o.Conversations.Conversation(ctx, person, conversation); err != nil {
		return err
	}
	if err := s.streams.end(ctx, conversation); err != nil {
		return fmt.Errorf("end the answers of a conversation: %w", err)
	}
	return s.o.Conversations.DropConversation(ctx, person, conversation)
}

// place is how far a mode is, for whoever shows it.
func (k *Kept) place(m Mode) Place {
	var p Place
	switch s := &k.State; {
	case m == Hint && k.Problem != nil:
		p = Place{Number: k.Problem.Rung, Of: hintRungs, Waits: true}
	case m == Hint && s.Hint != nil && s.Hint.Question != "":
		p = Place{Number: s.Hint.Rung, Of: hintRungs, Waits: true}
	case m == Quiz && s.Quiz != nil:
		p = Place{Number: len(s.Quiz.Asked) + k.Made, Waits: s.Quiz.Open != ""}
	case m == Interview && s.Interview != nil:
		i := s.Interview
		p = Place{Number: min(i.At+1, len(i.Plan)), Of: len(i.Plan), Waits: i.At < len(i.Plan)}
		if p.Waits {
			p.Theme = i.Plan[i.At].Theme
		}
	case m == Review && s.Review != nil:
		p = Place{Number: s.Review.At + 1, Of: len(s.Review.Lines), Waits: !s.Review.Over}
	}
	if k.Asked != nil {
		p.Waits = true
	}
	return p
}
