package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// marks are references to citations.
var marks = regexp.MustCompile(`\[\d+\]`)

// event is one server-sent event.
type event struct{ name, data string }

// events reads a stream, and checks that it is nothing but events.
func events(t *testing.T, body string) []event {
	t.Helper()
	if !strings.HasSuffix(body, "\n\n") {
		t.Fatalf("the stream ends inside an event: %q", body)
	}
	var out []event
	for block := range strings.SplitSeq(strings.TrimSuffix(body, "\n\n"), "\n\n") {
		name, data, ok := strings.Cut(block, "\n")
		if id, rest, has := strings.Cut(data, "\n"); has && strings.HasPrefix(id, "id: ") {
			if want := fmt.Sprint("id: ", len(out)+1); id != want {
				t.Errorf("%s, want %s", id, want)
			}
			data = rest
		}
		if !ok || !strings.HasPrefix(name, "event: ") || !strings.HasPrefix(data, "data: ") || strings.Contains(data, "\n") {
			t.Fatalf("not an event: %q", block)
		}
		e := event{strings.TrimPrefix(name, "event: "), strings.TrimPrefix(data, "data: ")}
		if !json.Valid([]byte(e.data)) {
			t.Fatalf("%s has no JSON: %q", e.name, e.data)
		}
		out = append(out, e)
	}
	return out
}

func (c *client) conversation(body string) string {
	c.t.Helper()
	a := c.json("POST", "/api/v1/tutor/conversations", body)
	if a.status != 201 {
		c.t.Fatalf("start: %d %s", a.status, a.body)
	}
	var v struct {
		ID uuid.UUID `json:"id"`
	}
	a.decode(c.t, &v)
	return "/api/v1/tutor/conversations/" + v.ID.String() + "/messages"
}

func (c *client) say(path, content string) answer {
	c.t.Helper()
	b, _ := json.Marshal(map[string]string{"content": content}) // strings always marshal
	return c.do("POST", path, strings.NewReader(string(b)), "Content-Type", "application/json")
}

func TestStreamOfAnAnswer(t *testing.T) {
	for name, chat := range map[string]*model{"retrieval": nil, "model": {pieces: []string{"Learn ", "the basics\n\nfirst ", "[1]."}}} {
		t.Run(name, func(t *testing.T) {
			c := open(t, chat, gateway.DefaultCaps).newClient(t)
			path := c.conversation(`{"role":"data-engineer"}`)
			a := c.say(path, "What should I learn first?")
			if a.status != 200 || a.header.Get("Content-Type") != "text/event-stream" || a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Accel-Buffering") != "no" {
				t.Fatalf("%d %v", a.status, a.header)
			}
			list := events(t, a.body)
			var names []string
			var text strings.Builder
			cited := map[string]bool{}
			for _, e := range list {
				names = append(names, e.name)
				var v struct {
					Text  string
					Index json.Number
				}
				if err := json.Unmarshal([]byte(e.data), &v); err != nil {
					t.Fatal(err)
				}
				switch e.name {
				case "delta":
					text.WriteString(v.Text)
					for _, mark := range marks.FindAllString(text.String(), -1) {
						if !cited[strings.Trim(mark, "[]")] {
							t.Errorf("%s before its citation, in %v", mark, list)
						}
					}
				case "citation":
					cited[v.Index.String()] = true
				}
			}
			n := len(names)
			if n < 4 || names[n-1] != "done" || names[n-2] != "usage" || !slices.Contains(names, "citation") || names[n-3] != "delta" {
				t.Errorf("order %v", names)
			}
			var kept struct {
				Messages []struct {
					Author, Content string
					Citations       []struct{ Index int }
				}
			}
			c.get(path).decode(t, &kept)
			if len(kept.Messages) != 2 || kept.Messages[1].Content != text.String() || kept.Messages[0].Author != "person" {
				t.Errorf("kept %+v, streamed %q", kept.Messages, text.String())
			}
			if len(kept.Messages) == 2 && len(kept.Messages[1].Citations) != strings.Count(strings.Join(names, " "), "citation") {
				t.Errorf("%d citations kept, of %v", len(kept.Messages[1].Citations), names)
			}
		})
	}
}

func TestAnswerAsJSON(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	path := c.conversation(`{"role":"data-engineer"}`)
	a := c.json("POST", path, `{"content":"Hello"}`)
	var v struct{ Text, Engine string }
	a.decode(t, &v)
	if a.status != 200 || v.Text == "" || v.Engine != "built-in retrieval" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// Before the first byte an error is a status; after it, an event.
func TestErrorsOfAStream(t *testing.T) {
	down := fault.New(fault.Unavailable, "model-down", "The model does not answer.").Because(errors.New("dial tcp"))
	for name, tt := range map[string]struct {
		chat   *model
		caps   gateway.Caps
		said   string
		status int
		code   string
		event  bool
	}{
		"after a sentence": {&model{pieces: []string{"One piece. ", "Two pieces. "}, err: down}, gateway.DefaultCaps, "Hello", 200, "model-down", true},
		"unknown after it": {&model{pieces: []string{"One piece. ", "Two pieces. "}, err: errors.New("dial tcp")}, gateway.DefaultCaps, "Hello", 200, "internal", true},
		"nothing said":     {&model{}, gateway.DefaultCaps, " \n", 400, "invalid-content", false},
		"too much said":    {&model{}, gateway.DefaultCaps, strings.Repeat("ä", 4001), 400, "invalid-content", false},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, tt.chat, tt.caps).newClient(t)
			path := c.conversation(`{"role":"data-engineer"}`)
			a := c.say(path, tt.said)
			if a.status != tt.status {
				t.Fatalf("status %d, want %d: %s", a.status, tt.status, a.body)
			}
			if tt.event {
				list := events(t, a.body)
				last := list[len(list)-1]
				var p struct {
					Code      string
					Status    int
					RequestID string `json:"request_id"`
				}
				if err := json.Unmarshal([]byte(last.data), &p); err != nil || last.name != "error" || p.Code != tt.code || p.RequestID == "" || list[0].name != "context" {
					t.Errorf("events %v", list)
				}
			} else if p := a.problem(t); p.Code != tt.code {
				t.Errorf("code %s, want %s", p.Code, tt.code)
			}
			if strings.Contains(a.body, "dial tcp") {
				t.Error("the cause is shown")
			}
			var kept struct{ Messages []json.RawMessage }
			c.get(path).decode(t, &kept)
			if len(kept.Messages) > 0 {
				t.Errorf("%d messages of a turn that failed are kept", len(kept.Messages))
			}
		})
	}
}

// A model that is down and a budget that is used up leave the answer to the built-in tutor, which says why.
func TestBuiltInGoesOn(t *testing.T) {
	down := fault.New(fault.Unavailable, "model-down", "The model does not answer.").Because(errors.New("dial tcp"))
	broke := gateway.Caps{Request: gateway.Dollar, PersonDay: 1, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	for name, tt := range map[string]struct {
		chat   *model
		caps   gateway.Caps
		reason string
		until  bool
	}{
		"down":     {&model{err: down}, gateway.DefaultCaps, "model-down", false},
		"no money": {&model{pieces: []string{"Never"}}, broke, "budget-exceeded", true},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, tt.chat, tt.caps).newClient(t)
			a := c.say(c.conversation(`{"role":"data-engineer"}`), "What first?")
			var notice, usage string
			for _, e := range events(t, a.body) {
				switch e.name {
				case "notice":
					notice = e.data
				case "usage":
					usage = e.data
				}
			}
			if a.status != 200 || !strings.Contains(notice, `"reason":"`+tt.reason+`"`) || !strings.Contains(usage, `"reason":"`+tt.reason+`"`) {
				t.Errorf("%d: %s; %s", a.status, notice, usage)
			}
			if strings.Contains(notice, `"until":null`) == tt.until || strings.Contains(a.body, "dial tcp") {
				t.Errorf("until: %s", notice)
			}
		})
	}
}

// A dropped stream goes on from the last event that the caller has, and an answer can be made anew, stopped and deleted.
func TestStreamGoesOn(t *testing.T) {
	h := open(t, &model{pieces: []string{"Learn the basics. ", "Then go on. ", "And on."}}, gateway.DefaultCaps)
	c := h.newClient(t)
	path := c.conversation(`{"role":"data-engineer"}`)
	list := events(t, c.say(path, "What first?").body)
	var first struct {
		MessageID uuid.UUID `json:"message_id"`
	}
	if err := json.Unmarshal([]byte(list[0].data), &first); err != nil {
		t.Fatal(err)
	}
	message := path + "/" + first.MessageID.String()
	a := c.do("GET", message+"/events", nil, "Last-Event-ID", "2")
	if a.status != 200 || !strings.HasPrefix(a.body, "event: delta\nid: 3\n") || !strings.Contains(a.body, "event: done") {
		t.Errorf("%d %s", a.status, a.body)
	}
	for name, tt := range map[string]struct {
		method, path, header string
		status               int
	}{
		"all of it":          {"GET", message + "/events", strconv.Itoa(len(list)), 204},
		"no number":          {"GET", message + "/events", "x", 400},
		"no such answer":     {"GET", path + "/" + uuid.NewString() + "/events", "", 404},
		"no id":              {"GET", path + "/x/events", "", 404},
		"stop what is over":  {"DELETE", message, "", 204},
		"stop nothing":       {"DELETE", path + "/" + uuid.NewString(), "", 404},
		"somebody else's id": {"GET", "/api/v1/tutor/conversations/" + uuid.NewString() + "/messages/" + first.MessageID.String() + "/events", "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			if a := c.do(tt.method, tt.path, nil, "Last-Event-ID", tt.header); a.status != tt.status {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	conversation := strings.TrimSuffix(path, "/messages")
	if a := c.do("POST", conversation+"/retry", nil, "Accept", "application/json"); a.status != 200 || !strings.Contains(a.body, "Learn the basics.") {
		t.Errorf("retry: %d %s", a.status, a.body)
	}
	var all struct{ Conversations []struct{ ID, Role string } }
	c.get("/api/v1/tutor/conversations").decode(t, &all)
	if len(all.Conversations) != 1 || all.Conversations[0].Role != "data-engineer" {
		t.Errorf("listed: %+v", all)
	}
	if a := h.newClient(t).do("DELETE", conversation, nil); a.status != 401 && a.status != 404 {
		t.Errorf("somebody else deletes it: %d", a.status)
	}
	if a := c.do("DELETE", conversation, nil); a.status != 204 {
		t.Errorf("delete: %d %s", a.status, a.body)
	}
	if a := c.get(path); a.status != 404 {
		t.Errorf("deleted, and still there: %d", a.status)
	}
}

func TestCompletions(t *testing.T) {
	down := fault.New(fault.Unavailable, "model-down", "The model does not answer.")
	const ask = `{"messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true}}`
	t.Run("stream", func(t *testing.T) {
		c := open(t, &model{pieces: []string{"One", " two"}}, gateway.DefaultCaps).newClient(t)
		c.resume()
		a := c.json("POST", "/v1/chat/completions", ask)
		lines := strings.Split(strings.TrimSpace(a.body), "\n\n")
		if a.status != 200 || len(lines) != 5 || lines[4] != "data: [DONE]" || !strings.Contains(lines[0], `"content":"One"`) ||
			!strings.Contains(lines[2], `"finish_reason":"stop"`) || !strings.Contains(lines[3], `"total_tokens":120`) {
			t.Errorf("%d %s", a.status, a.body)
		}
		if strings.Contains(lines[0], `"model":""`) {
			t.Error("the chunks do not say which model it is")
		}
	})
	t.Run("error before", func(t *testing.T) {
		c := open(t, &model{err: down}, gateway.DefaultCaps).newClient(t)
		c.resume()
		if a := c.json("POST", "/v1/chat/completions", ask); a.status != 503 || a.problem(t).Code != "model-down" {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
	t.Run("error after", func(t *testing.T) {
		c := open(t, &model{pieces: []string{"One"}, err: down}, gateway.DefaultCaps).newClient(t)
		c.resume()
		a := c.json("POST", "/v1/chat/completions", ask)
		if a.status != 200 || !strings.Contains(a.body, `data: {"error":{`) || strings.Contains(a.body, "[DONE]") {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
	t.Run("not configured", func(t *testing.T) {
		c := open(t, nil, gateway.DefaultCaps).newClient(t)
		c.resume()
		if a := c.json("POST", "/v1/chat/completions", ask); a.status != 503 || a.problem(t).Code != "model-not-configured" {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}
