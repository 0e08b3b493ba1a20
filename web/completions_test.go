package web_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gateway"
)

// compatible is an error as clients of the OpenAI interface read it.
type compatible struct {
	Error struct {
		Message, Type, Code string
		Param               *string
	}
}

func TestErrorsInTheShapeOfThatInterface(t *testing.T) {
	poor := gateway.DefaultCaps
	poor.PersonDay = 1
	h := open(t, &model{pieces: []string{"One"}}, gateway.DefaultCaps)
	rich, nobody := h.newClient(t), h.newClient(t)
	rich.resume()
	broke := open(t, &model{pieces: []string{"One"}}, poor).newClient(t)
	broke.resume()
	const hello = `{"messages":[{"role":"user","content":"Hello"}]}`
	for _, tt := range []struct {
		name       string
		c          *client
		path, body string
		status     int
		kind, code string
		param      string
	}{
		{"a field too many", rich, "/v1/chat/completions", `{"messages":[],"audio":{}}`, 400, "invalid_request_error", "unknown-field", "audio"},
		{"no price", rich, "/v1/chat/completions", `{"model":"gigantic-9","messages":[{"role":"user","content":"Hello"}]}`, 400, "invalid_request_error", "model-unpriced", "model"},
		{"no money", broke, "/v1/chat/completions", hello, 402, "insufficient_quota", "budget-exceeded", ""},
		{"nobody", nobody, "/v1/chat/completions", hello, 401, "authentication_error", "no-session", ""},
		{"no input", rich, "/v1/embeddings", `{}`, 400, "invalid_request_error", "invalid-input", "input"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := tt.c.json("POST", tt.path, tt.body)
			var got compatible
			a.decode(t, &got)
			if a.status != tt.status || got.Error.Type != tt.kind || got.Error.Code != tt.code || got.Error.Message == "" || a.problem(t).Code != tt.code {
				t.Errorf("%d %s", a.status, a.body)
			}
			if (got.Error.Param == nil) != (tt.param == "") || got.Error.Param != nil && *got.Error.Param != tt.param {
				t.Errorf("param %v, want %q", got.Error.Param, tt.param)
			}
		})
	}
	if a := rich.json("POST", "/api/v1/tutor/conversations", `[]`); strings.Contains(a.body, `"error"`) {
		t.Errorf("our own interface has that shape as well: %s", a.body)
	}
}

func TestCostsInHeaders(t *testing.T) {
	c := open(t, &model{pieces: []string{"One", " two"}}, gateway.DefaultCaps).newClient(t)
	c.resume()
	a := c.json("POST", "/v1/chat/completions", `{"messages":[{"role":"user","content":[{"type":"text","text":"Hello"},{"type":"text","text":"!"}]}],"n":1,"seed":7,"stop":"x"}`)
	if cost, left := a.header.Get("X-Gapwise-Cost"), a.header.Get("X-Gapwise-Budget-Remaining"); a.status != 200 || cost == "" || cost == "0.00" || left == "" || a.header.Get("X-Gapwise-Call") == "" {
		t.Errorf("%d, cost %q, %q left: %s", a.status, cost, left, a.body)
	}
	a = c.json("POST", "/v1/chat/completions", `{"messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true}}`)
	if a.status != 200 || !strings.Contains(a.body, `"gapwise":{"cache":"","cost":"0.`) || a.header.Get("X-Gapwise-Budget-Remaining") == "" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
}

func TestEmbeddingsAsBase64(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	c.resume()
	vectors := func(format string) json.RawMessage {
		t.Helper()
		a := c.json("POST", "/v1/embeddings", `{"input":["Go"],"encoding_format":"`+format+`"}`)
		var v struct {
			Data []struct{ Embedding json.RawMessage }
		}
		a.decode(t, &v)
		if a.status != 200 || len(v.Data) != 1 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return v.Data[0].Embedding
	}
	var numbers []float32
	var text string
	if err := json.Unmarshal(vectors("float"), &numbers); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(vectors("base64"), &text); err != nil {
		t.Fatal(err)
	}
	if b, err := base64.StdEncoding.DecodeString(text); err != nil || len(b) != 4*len(numbers) {
		t.Errorf("%d bytes, %v; want four for each of %d numbers", len(b), err, len(numbers))
	}
}
