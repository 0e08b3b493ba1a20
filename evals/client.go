package evals

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// answer is what came back from one call.
type answer struct {
	status    int
	kind      string // media type
	headers   map[string]any
	doc       any
	events    []Event       // of a stream
	streamBad error         // what broke a stream off
	firstByte time.Duration // until the status was there
	whole     time.Duration // until all was there
}

// maxAnswer bounds the body of an answer: the text of a hundred pages fits.
const maxAnswer = 32 << 20

// people are the callers of one case, each a guest with a token of their own.
type people struct {
	base   string
	client *http.Client
	tokens map[string]string
}

// nobody is the caller without a token.
const nobody = "nobody"

func newPeople(base string) *people {
	return &people{base: strings.TrimRight(base, "/"), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}, tokens: map[string]string{}}
}

func (p *people) close() { p.client.CloseIdleConnections() }

// token is that of a person, who becomes a guest when first named.
func (p *people) token(ctx context.Context, name string) (string, error) {
	if name == nobody {
		return "", nil
	}
	if t, ok := p.tokens[name]; ok {
		return t, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+"/api/v1/guests", http.NoBody)
	if err != nil {
		return "", err
	}
	a, err := p.send(req, nil)
	if err != nil {
		return "", err
	}
	m, _ := a.doc.(map[string]any)
	t, _ := m["token"].(string)
	if a.status != http.StatusCreated || t == "" {
		return "", fmt.Errorf("expected 201 and a token of POST /api/v1/guests; came %d %s", a.status, show(a.doc))
	}
	p.tokens[name] = t
	return t, nil
}

// prepared is a request that can be made many times.
type prepared struct {
	method, url string
	token       string
	accept      string
	kind        string // of the body
	body        []byte
	leaveAt     string
}

// send makes a request and reads the answer. enough, where given, ends a stream early.
func (p *people) send(req *http.Request, enough func(Event) bool) (*answer, error) {
	begun := time.Now()
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	a := &answer{}
	defer func() {
		_ = resp.Body.Close() // only read
		a.whole = time.Since(begun)
	}()
	*a = answer{status: resp.StatusCode, firstByte: time.Since(begun), headers: map[string]any{}}
	for name, values := range resp.Header {
		a.headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	a.kind, _, _ = mime.ParseMediaType(resp.Header.Get("Content-Type")) // "" where there is none
	if a.kind == "text/event-stream" {
		a.events, a.streamBad = ReadEvents(resp.Body, enough)
		a.doc = Gather(a.events)
		return a, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	switch {
	case len(body) == 0:
		a.doc = map[string]any{}
	case strings.HasSuffix(a.kind, "json"):
		if a.doc, err = decodeJSON(body); err != nil {
			return nil, fmt.Errorf("expected JSON; came %s", clip(string(body), 200))
		}
	default:
		a.doc = map[string]any{"text": string(body)}
	}
	return a, nil
}

func (p *people) do(ctx context.Context, r prepared) (*answer, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // hangs up, where the stream was left before its end
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"Authorization": bearer(r.token), "Accept": r.accept, "Content-Type": r.kind} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	var enough func(Event) bool
	if r.leaveAt != "" {
		enough = func(e Event) bool { return e.Name == r.leaveAt }
	}
	return p.send(req, enough)
}

func bearer(token string) string {
	if token == "" {
		return ""
	}
	return "Bearer " + token
}

// form puts a file into a multipart form, as a browser does.
func form(f *File) (kind string, body []byte, err error) {
	name, data, err := f.content()
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return "", nil, err
	}
	_, err = part.Write(data)
	err = errors.Join(err, w.Close()) // before the bytes are taken: it writes the end of the form
	return w.FormDataContentType(), b.Bytes(), err
}

// placeholder is {name} for the id of what was saved, or {name.path} for any value of it.
var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)((?:[.\[][^}]*)?)\}`)

// fill replaces placeholders in a text.
func fill(text string, saved map[string]any) (string, error) {
	var bad error
	out := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		m := placeholder.FindStringSubmatch(found)
		if m[2] == "" {
			m[2] = ".id"
		}
		p, err := ParsePath("@" + m[1] + m[2])
		if err != nil {
			bad = err
			return found
		}
		v, why := p.Find(Scope{Saved: saved, Today: time.Now()})
		if why != "" {
			bad = fmt.Errorf("placeholder %s: %s", found, why)
		}
		return plain(v)
	})
	return out, bad
}

// fillBody replaces strings that are one placeholder as a whole, anywhere in a JSON body. A brace in somebody's words stays what it is.
func fillBody(v any, saved map[string]any) (any, error) {
	switch v := v.(type) {
	case string:
		if m := placeholder.FindString(v); m != "" && m == v {
			return fill(v, saved)
		}
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			var err error
			if out[i], err = fillBody(e, saved); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			var err error
			if out[k], err = fillBody(e, saved); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

// prepare turns a step into a request.
func (p *people) prepare(ctx context.Context, s Step, saved map[string]any) (prepared, error) {
	method, path, _ := strings.Cut(s.Call, " ")
	r := prepared{method: method, accept: s.Accept, leaveAt: s.LeaveAt}
	path, err := fill(path, saved)
	if err != nil {
		return r, err
	}
	r.url = p.base + path
	if r.token, err = p.token(ctx, s.As); err != nil {
		return r, err
	}
	switch {
	case s.File != nil:
		r.kind, r.body, err = form(s.File)
	case s.Raw != "":
		r.kind, r.body = "application/json", []byte(s.Raw)
	case s.Body != nil:
		var body any
		if body, err = fillBody(s.Body, saved); err == nil {
			r.kind = "application/json"
			r.body, err = json.Marshal(body)
		}
	}
	return r, err
}
