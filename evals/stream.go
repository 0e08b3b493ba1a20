package evals

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Event is one server-sent event.
type Event struct {
	Name string
	Data any
}

// maxEvent bounds one line of a stream in bytes: a citation of a whole section fits many times.
const maxEvent = 1 << 20

// ReadEvents reads a stream to its end, or until enough tells that an event is the last to be read; enough may be nil.
func ReadEvents(r io.Reader, enough func(Event) bool) ([]Event, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), maxEvent)
	var out []Event
	var name string
	var data []string
	for lines.Scan() {
		line := lines.Text()
		switch {
		case line == "" && (name != "" || data != nil):
			e := Event{Name: name}
			if e.Name == "" {
				e.Name = "message" // what a browser calls it
			}
			joined := strings.Join(data, "\n")
			v, err := decodeJSON([]byte(joined))
			if err != nil && joined != "[DONE]" {
				return out, fmt.Errorf("the data of event %s is not JSON: %s", e.Name, clip(joined, 200))
			}
			if e.Data = v; joined == "[DONE]" {
				e.Data = joined
			}
			out = append(out, e)
			if enough != nil && enough(e) {
				return out, nil
			}
			name, data = "", nil
		case strings.HasPrefix(line, "event:"):
			name = strings.TrimSpace(line[len("event:"):])
		case strings.HasPrefix(line, "data:"):
			data = append(data, strings.TrimPrefix(line[len("data:"):], " "))
		}
	}
	if err := lines.Err(); err != nil {
		return out, fmt.Errorf("the stream broke off: %w", err)
	}
	if name != "" || data != nil {
		return out, errors.New("the stream ends in the middle of an event")
	}
	return out, nil
}

// Gather makes one document of a tutor's stream, so that paths reach all of it: text, the deltas in order; citations; notices; context; usage; done; error;
// order, the names of events with repeats of delta and citation as one; events, how many.
func Gather(events []Event) map[string]any {
	var text strings.Builder
	var order []string
	citations, notices := []any{}, []any{}
	out := map[string]any{"events": json.Number(strconv.Itoa(len(events)))}
	for _, e := range events {
		if len(order) == 0 || order[len(order)-1] != e.Name {
			order = append(order, e.Name)
		}
		switch e.Name {
		case "delta":
			m, _ := e.Data.(map[string]any)
			piece, _ := m["text"].(string)
			text.WriteString(piece)
		case "citation":
			citations = append(citations, e.Data)
		case "notice":
			notices = append(notices, e.Data)
		default:
			out[e.Name] = e.Data
		}
	}
	out["text"], out["citations"], out["notices"], out["order"] = text.String(), citations, notices, strings.Join(order, " ")
	return out
}

var mark = regexp.MustCompile(`\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]`)

// GradeStream holds a tutor's stream against what every such stream must be: deltas and citations, then usage, then done, or an error at
// the end; every citation before the delta that closes its number, and none that the text does not use.
func GradeStream(events []Event) []string {
	var bad []string
	if len(events) == 0 {
		return []string{"expected a stream of events; came none"}
	}
	var text strings.Builder
	sent, used := []string{}, []string{}
	for i, e := range events {
		last := i == len(events)-1
		switch e.Name {
		case "delta":
			m, _ := e.Data.(map[string]any)
			piece, ok := m["text"].(string)
			if !ok || piece == "" {
				bad = append(bad, fmt.Sprintf("expected every delta to have a text; event %d is %s", i+1, show(e.Data)))
			}
			text.WriteString(piece)
			used = marks(text.String())
		case "citation":
			m, _ := e.Data.(map[string]any)
			n := plain(m["index"])
			if slices.Contains(used, n) {
				bad = append(bad, fmt.Sprintf("expected citation %s before the text that uses it; it came after", n))
			}
			sent = append(sent, n)
		case "usage":
			if last || events[i+1].Name != "done" {
				bad = append(bad, "expected done right after usage; it is not there")
			}
		case "done":
			if i == 0 || events[i-1].Name != "usage" || !last {
				bad = append(bad, "expected done as the last event, after usage; order is "+plain(Gather(events)["order"]))
			}
		case "error":
			if !last {
				bad = append(bad, "expected nothing after an error; order is "+plain(Gather(events)["order"]))
			}
		case "context":
			// Where a model is asked and does not answer, what the built-in tutor answers from takes the place of what was told first.
			if slices.ContainsFunc(events[:i], func(e Event) bool { return e.Name == "delta" || e.Name == "citation" }) {
				bad = append(bad, "expected context before anything that is said; order is "+plain(Gather(events)["order"]))
			}
		case "notice":
		default:
			bad = append(bad, fmt.Sprintf("there is no event %q in the interface", e.Name))
		}
	}
	if end := events[len(events)-1].Name; end != "done" && end != "error" {
		bad = append(bad, "expected the stream to end with done or error; it ends with "+end)
	}
	for _, n := range sent {
		if !slices.Contains(used, n) && events[len(events)-1].Name == "done" {
			bad = append(bad, fmt.Sprintf("expected the text to use citation %s; it does not", n))
		}
	}
	return bad
}

// marks are the numbers that a text cites.
func marks(text string) []string {
	var out []string
	for _, m := range mark.FindAllStringSubmatch(text, -1) {
		for n := range strings.SplitSeq(m[1], ",") {
			out = append(out, strings.TrimSpace(n))
		}
	}
	return out
}

// decodeJSON reads one document, numbers as they stand.
func decodeJSON(b []byte) (any, error) {
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON document")
	}
	return v, nil
}
