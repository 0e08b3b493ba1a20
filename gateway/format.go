package gateway

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/gapwise/gapwise/internal/fault"
)

// Format is how an answer in JSON is asked for.
type Format int

// The formats, the strictest last.
const (
	FormatText   Format = iota // no format: the prompt asks for it, and the answer is checked
	FormatObject               // response_format json_object
	FormatSchema               // response_format json_schema
)

// formats remember what each model can do, by what it has refused or failed at.
type formats struct {
	mu   sync.Mutex
	best map[string]Format
}

func newFormats() *formats { return &formats{best: map[string]Format{}} }

// of is the strictest format that a model is not known to refuse.
func (f *formats) of(t *target, r Request) Format {
	if !r.JSON {
		return FormatText
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	best, known := f.best[t.Name+"/"+t.Model]
	if !known {
		best = FormatSchema
	}
	if len(r.Schema) == 0 {
		best = min(best, FormatObject)
	}
	return best
}

// weaker notes that a model cannot do a format, and tells whether there is a weaker one to try.
func (f *formats) weaker(t *target, tried Format) bool {
	if tried == FormatText {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.best[t.Name+"/"+t.Model] = tried - 1
	return true
}

// jsonOf is the JSON document of an answer: the whole of it, or what stands in its fence.
func jsonOf(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if _, inner, ok := strings.Cut(text, "```"); ok {
		inner = strings.TrimPrefix(inner, "json")
		text, _, _ = strings.Cut(inner, "```")
		text = strings.TrimSpace(text)
	}
	return text, json.Valid([]byte(text))
}

var errNoJSON = fault.New(fault.Unavailable, "model-no-json", "The language model answered with something that is not the JSON it was asked for. Try again.")
