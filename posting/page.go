package posting

import (
	"encoding/json"
	"strings"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/markup"
)

// Advert is a job description as a page gives it.
type Advert struct {
	Title   string
	Company string
	Text    string
}

// minAdvert is the shortest description in bytes that stands for the page: shorter ones are teasers.
const minAdvert = 120

// FromPage reads the job description of a page of HTML: the schema.org JobPosting that it carries for machines where there is one, else what a
// person reads of it. body is UTF-8. Errors are fault.Unprocessable.
func FromPage(body string) (Advert, error) {
	linked, err := markup.LinkedData(strings.NewReader(body))
	if err == nil {
		for _, doc := range linked {
			if a, ok := jobPosting(doc); ok && len(a.Text) >= minAdvert {
				return a, nil
			}
		}
	}
	text, err := markup.Text(strings.NewReader(body))
	if err != nil {
		return Advert{}, fault.New(fault.Unprocessable, "url-not-read", "The page could not be read. Open it and send its text in the field text.").In("url").Because(err)
	}
	return Advert{Text: text}, nil
}

// jobPosting finds a JobPosting (https://schema.org/JobPosting) in a JSON-LD document: the document itself, an item of a list, or one of @graph.
func jobPosting(doc string) (Advert, bool) {
	var whole json.RawMessage
	if err := json.Unmarshal([]byte(doc), &whole); err != nil {
		return Advert{}, false
	}
	var find func(raw json.RawMessage, depth int) (Advert, bool)
	find = func(raw json.RawMessage, depth int) (Advert, bool) {
		if depth == 0 {
			return Advert{}, false
		}
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil {
			for _, item := range list {
				if a, ok := find(item, depth-1); ok {
					return a, true
				}
			}
			return Advert{}, false
		}
		var node struct {
			Type        json.RawMessage   `json:"@type"`
			Graph       []json.RawMessage `json:"@graph"`
			Title       string            `json:"title"`
			Description string            `json:"description"`
			Experience  json.RawMessage   `json:"experienceRequirements"`
			Skills      json.RawMessage   `json:"skills"`
			Company     json.RawMessage   `json:"hiringOrganization"`
		}
		if json.Unmarshal(raw, &node) != nil {
			return Advert{}, false
		}
		if isType(node.Type, "JobPosting") {
			return advert(node.Title, node.Description, node.Skills, node.Experience, node.Company), true
		}
		for _, item := range node.Graph {
			if a, ok := find(item, depth-1); ok {
				return a, true
			}
		}
		return Advert{}, false
	}
	const depth = 4
	return find(whole, depth)
}

// isType tells whether @type, a word or a list of words, names a type.
func isType(raw json.RawMessage, name string) bool {
	for _, word := range words(raw) {
		if strings.TrimPrefix(strings.TrimPrefix(word, "https://schema.org/"), "http://schema.org/") == name {
			return true
		}
	}
	return false
}

// words are the texts of a value that may be a text, a list of texts, or an object with a name.
func words(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		return []string{one}
	}
	var many []string
	if json.Unmarshal(raw, &many) == nil {
		return many
	}
	var object struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	}
	if json.Unmarshal(raw, &object) == nil && object.Name+object.Description != "" {
		return []string{strings.TrimSpace(object.Name + " " + object.Description)}
	}
	return nil
}

// advert puts the parts of a JobPosting together. The description is HTML, often escaped once more.
func advert(title, description string, skills, experience, company json.RawMessage) Advert {
	a := Advert{Title: strings.TrimSpace(title), Company: strings.Join(words(company), ", ")}
	parts := []string{plain(description)}
	for _, more := range []json.RawMessage{skills, experience} {
		if list := words(more); len(list) > 0 {
			parts = append(parts, plain(strings.Join(list, ", ")))
		}
	}
	if a.Title != "" {
		parts = append([]string{a.Title}, parts...)
	}
	a.Text = strings.TrimSpace(strings.Join(parts, "\n"))
	return a
}

// plain is the text of a piece of HTML.
func plain(s string) string {
	if strings.Contains(s, "&lt;") {
		s = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(s)
	}
	text, err := markup.Text(strings.NewReader(s))
	if err != nil {
		return s
	}
	return text
}
