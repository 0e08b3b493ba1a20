package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gapwise/gapwise/gateway"
)

// answered sends a request without a network, and checks what holds for every answer: no panic, no mistake of ours, and a problem that
// is one.
func (h *house) answered(t *testing.T, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	if w.Code >= 500 {
		t.Errorf("%s %s: %d %s", r.Method, r.URL, w.Code, w.Body)
	}
	if w.Header().Get("Content-Type") == "application/problem+json" {
		var p struct {
			Status int
			Code   string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != w.Code || p.Code == "" {
			t.Errorf("%d is no problem: %s", w.Code, w.Body)
		}
	}
	return w
}

func FuzzUpload(f *testing.F) {
	whole, kind := aForm(f, "file:a.txt", "Go and PostgreSQL since 2019")
	f.Add(kind, whole)
	f.Add(kind, whole[:len(whole)-7])
	f.Add(kind, append(bytes.Clone(whole), whole...))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=file; filename=\"\"\r\n\r\n\xff\xfe\r\n--x--"))
	f.Add("multipart/form-data; boundary=\"\"", []byte("----"))
	f.Add("multipart/mixed; boundary=x", []byte("--x--"))
	f.Add("text/plain", []byte("Go"))
	f.Add("application/x-www-form-urlencoded", []byte("file=Go"))
	h := open(f, nil, gateway.DefaultCaps)
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		for _, path := range []string{"/api/v1/resumes", "/resumes"} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(body))
			r.Header["Content-Type"] = []string{kind}
			people, uploads := len(h.people), len(h.uploads)
			w := h.answered(t, r)
			// Either both a person and their resume, or neither.
			if len(h.people)-people != len(h.uploads)-uploads {
				t.Errorf("%d: %d people and %d resumes more", w.Code, len(h.people)-people, len(h.uploads)-uploads)
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, body := range []string{
		`{"role":"data-engineer","mode":"quiz","resume_id":null}`, `{"status":"done","evidence_url":"https://example.org","note":"x"}`,
		`{"messages":[{"role":"user","content":"x"}],"max_tokens":-1,"temperature":1e400}`, `{"input":["a",null]}`, `{"text":"` + "Go and PostgreSQL, Go and PostgreSQL, Kafka" + `"}`,
		`{"content":"\u0000\ud800"}`, `{"level":1e2,"status":"confirmed"}`, `[]`, `null`, `"x"`, `{"a":{"a":{"a":`, `{} {}`, "\xef\xbb\xbf{}",
	} {
		f.Add([]byte(body))
	}
	h := open(f, &model{pieces: []string{"Yes."}}, gateway.DefaultCaps)
	c := h.newClient(f)
	id := c.resume().String()
	a := c.do(http.MethodPost, "/api/v1/guests", nil)
	var guest struct{ Token string }
	a.decode(f, &guest)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, call := range []struct{ method, path string }{
			{"POST", "/api/v1/tutor/conversations"},
			{"PUT", "/api/v1/progress/senior-backend-engineer/milestones/chaos-exercise-measured"},
			{"PATCH", "/api/v1/resumes/" + id + "/skills/go"},
			{"POST", "/api/v1/resumes/" + id + "/compare"},
			{"POST", "/v1/chat/completions"},
			{"POST", "/v1/embeddings"},
			{"POST", "/chat"},
		} {
			r := httptest.NewRequestWithContext(t.Context(), call.method, call.path, bytes.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+guest.Token)
			r.Header.Set("Content-Type", "application/json")
			h.answered(t, r)
		}
	})
}
