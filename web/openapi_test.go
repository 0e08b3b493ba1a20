package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/gateway"
)

// described reads the description that the service serves.
func described(t *testing.T, c *client) *description {
	t.Helper()
	a := c.get("/openapi.yaml")
	if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "application/yaml") {
		t.Fatalf("%d %s", a.status, a.header.Get("Content-Type"))
	}
	d := &description{t: t}
	if err := yaml.Unmarshal([]byte(a.body), &d.root); err != nil {
		t.Fatal(err)
	}
	return d
}

// description is an OpenAPI document, with a checker of the little of JSON Schema that it uses.
type description struct {
	t    *testing.T
	root map[string]any
}

// at goes down a path of keys; nil where it ends early.
func (d *description) at(keys ...string) any {
	var v any = d.root
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// follow gives what a $ref points at, or v itself.
func (d *description) follow(v any) map[string]any {
	m, _ := v.(map[string]any)
	ref, ok := m["$ref"].(string)
	if !ok {
		return m
	}
	found, ok := d.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(map[string]any)
	if !ok {
		d.t.Errorf("%s points at nothing", ref)
	}
	return found
}

// check compares a value with a schema. A key that the schema does not have is as wrong as one that is missing.
func (d *description) check(where string, schema, v any) {
	s := d.follow(schema)
	if types := list(s["type"]); len(types) > 0 && !slices.ContainsFunc(types, func(t any) bool { return isA(t, v) }) {
		d.t.Errorf("%s: %v is not of %v", where, v, types)
		return
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		d.t.Errorf("%s: %v is none of %v", where, v, enum)
	}
	if want, ok := s["const"]; ok && v != want {
		d.t.Errorf("%s: %v is not %v", where, v, want)
	}
	if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(fmt.Sprint(v)) {
		d.t.Errorf("%s: %v does not match %s", where, v, pattern)
	}
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			d.check(fmt.Sprintf("%s[%d]", where, i), s["items"], item)
		}
	case map[string]any:
		properties := map[string]any{}
		required := list(s["required"])
		for _, part := range append(list(s["allOf"]), s) {
			p := d.follow(part)
			required = append(required, list(p["required"])...)
			if more, ok := p["properties"].(map[string]any); ok {
				maps.Copy(properties, more)
			}
		}
		for _, name := range required {
			if _, ok := v[name.(string)]; !ok {
				d.t.Errorf("%s lacks %s", where, name)
			}
		}
		for name, item := range v {
			if property, ok := properties[name]; ok {
				d.check(where+"."+name, property, item)
			} else if len(properties) > 0 {
				d.t.Errorf("%s.%s is not described", where, name)
			}
		}
	}
}

func list(v any) []any {
	if l, ok := v.([]any); ok {
		return slices.Clone(l)
	}
	if v == nil {
		return nil
	}
	return []any{v}
}

func isA(kind, v any) bool {
	switch v := v.(type) {
	case nil:
		return kind == "null"
	case string:
		return kind == "string"
	case bool:
		return kind == "boolean"
	case float64:
		return kind == "number" || kind == "integer" && v == float64(int64(v))
	case []any:
		return kind == "array"
	case map[string]any:
		return kind == "object"
	}
	return false
}

// schemaOf is the schema of an operation's answer.
func (d *description) schemaOf(method, path string, status int, kind string) any {
	d.t.Helper()
	response := d.follow(d.at("paths", path, strings.ToLower(method), "responses", strconv.Itoa(status)))
	content, _ := response["content"].(map[string]any)
	medium, _ := content[kind].(map[string]any)
	if medium == nil {
		d.t.Errorf("%s %s describes no %d of %s", method, path, status, kind)
	}
	return medium["schema"]
}

var pathParameter = regexp.MustCompile(`:(\w+)`)

func TestEveryRouteIsDescribed(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	d := described(t, h.newClient(t))
	engine, ok := h.handler.(*gin.Engine)
	if !ok {
		t.Fatalf("the handler is a %T", h.handler)
	}
	var served, written []string
	for _, r := range engine.Routes() {
		if r.Method != http.MethodHead && (strings.HasPrefix(r.Path, "/api/v1/") || strings.HasPrefix(r.Path, "/v1/") || r.Path == "/healthz" || r.Path == "/readyz") {
			served = append(served, r.Method+" "+pathParameter.ReplaceAllString(r.Path, "{$1}"))
		}
	}
	ids := map[any]bool{}
	for path, operations := range d.at("paths").(map[string]any) {
		for method, operation := range operations.(map[string]any) {
			if method == "parameters" {
				continue
			}
			written = append(written, strings.ToUpper(method)+" "+path)
			d.checkOperation(method+" "+path, path, operations.(map[string]any), operation.(map[string]any))
			if id := operation.(map[string]any)["operationId"]; id == nil || ids[id] {
				t.Errorf("%s %s: operationId %v is missing or there twice", method, path, id)
			} else {
				ids[id] = true
			}
		}
	}
	slices.Sort(served)
	slices.Sort(written)
	for _, r := range served {
		if !slices.Contains(written, r) {
			t.Errorf("%s is not described", r)
		}
	}
	for _, r := range written {
		if !slices.Contains(served, r) {
			t.Errorf("%s is described and not served", r)
		}
	}
}

// checkOperation finds parameters of the path that are not described and references that lead nowhere.
func (d *description) checkOperation(where, path string, shared, operation map[string]any) {
	names := map[any]bool{}
	for _, p := range append(list(shared["parameters"]), list(operation["parameters"])...) {
		p := d.follow(p)
		names[p["name"]] = p["in"] == "path"
	}
	for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
		if !names[m[1]] {
			d.t.Errorf("%s: {%s} is not described", where, m[1])
		}
	}
	for status, response := range operation["responses"].(map[string]any) {
		r := d.follow(response)
		if r["description"] == nil {
			d.t.Errorf("%s: the answer %s has no description", where, status)
		}
		content, _ := r["content"].(map[string]any)
		for _, medium := range content {
			d.follow(medium.(map[string]any)["schema"])
		}
	}
}

// step is one call of the happy path.
type step struct {
	method, path string // as described
	real         string // with parameters filled in
	body         string
	status       int
}

// happyPath calls everything that answers in JSON, in an order in which each has something to say.
func happyPath(id, conversation string) []step {
	const posted = `{"source":"sample","external_id":"1","title":"Senior Go engineer","company":"Acme","remote":"yes","posted_on":"2026-11-01","description":"We need strong Go, Rust and PostgreSQL. Airflow is a plus."}`
	return []step{
		{"GET", "/api/v1/roles", "", "", 200},
		{"GET", "/api/v1/roles/{role}", "/api/v1/roles/senior-backend-engineer", "", 200},
		{"GET", "/api/v1/roles/{role}", "/api/v1/roles/data-engineer", "", 200},
		{"GET", "/api/v1/roles/{role}/related", "/api/v1/roles/senior-backend-engineer/related", "", 200},
		{"GET", "/api/v1/skills", "/api/v1/skills?limit=1000", "", 200},
		{"GET", "/api/v1/skills/{skill}", "/api/v1/skills/postgresql", "", 200},
		{"GET", "/api/v1/skills/{skill}", "/api/v1/skills/kafka", "", 200},
		{"POST", "/api/v1/guests", "", "", 201},
		{"POST", "/api/v1/postings", "", posted + "\n{}\n", 200},
		{"GET", "/api/v1/resumes", "", "", 200},
		{"GET", "/api/v1/resumes/{id}", "/api/v1/resumes/" + id, "", 200},
		{"GET", "/api/v1/resumes/{id}/text", "/api/v1/resumes/" + id + "/text", "", 200},
		{"GET", "/api/v1/resumes/{id}/jsonresume", "/api/v1/resumes/" + id + "/jsonresume", "", 200},
		{"PATCH", "/api/v1/resumes/{id}/skills/{skill}", "/api/v1/resumes/" + id + "/skills/go", `{"level":5,"status":"confirmed","note":"Yes"}`, 200},
		{"GET", "/api/v1/resumes/{id}/gaps/{role}", "/api/v1/resumes/" + id + "/gaps/data-engineer?hours_per_week=5", "", 200},
		{"POST", "/api/v1/resumes/{id}/compare", "/api/v1/resumes/" + id + "/compare", `{"url":"https://example.org/job"}`, 200},
		{"POST", "/api/v1/resumes/{id}/compare", "/api/v1/resumes/" + id + "/compare", `{"text":"We look for strong Go and PostgreSQL, and some Kafka and Rust."}`, 200},
		{"GET", "/api/v1/resumes/{id}/roles", "/api/v1/resumes/" + id + "/roles", "", 200},
		{"GET", "/api/v1/resumes/{id}/jobs", "/api/v1/resumes/" + id + "/jobs", "", 200},
		{"POST", "/api/v1/resumes/{id}/jobs/feed", "/api/v1/resumes/" + id + "/jobs/feed?remote=yes", "", 201},
		{"GET", "/api/v1/saved-jobs", "", "", 200},
		{"GET", "/api/v1/hidden-companies", "", "", 200},
		{"GET", "/api/v1/market", "/api/v1/market?role=senior-backend-engineer&resume=" + id, "", 200},
		{"GET", "/api/v1/market", "", "", 200},
		{"GET", "/api/v1/resumes/{id}/plan/{role}", "/api/v1/resumes/" + id + "/plan/data-engineer?weeks_off=2026-12-21,2027-01-04..2027-01-11", "", 200},
		{"POST", "/api/v1/resumes/{id}/plan/{role}/calendar", "/api/v1/resumes/" + id + "/plan/data-engineer/calendar?hours_per_week=5", "", 201},
		{"PUT", "/api/v1/progress/{role}/milestones/{milestone}", "/api/v1/progress/senior-backend-engineer/milestones/chaos-exercise-measured", `{"status":"done","evidence_url":"https://example.org/report"}`, 200},
		{"GET", "/api/v1/progress/{role}", "/api/v1/progress/senior-backend-engineer", "", 200},
		{"GET", "/api/v1/resumes/{id}/plan/{role}", "/api/v1/resumes/" + id + "/plan/senior-backend-engineer", "", 200},
		{"GET", "/api/v1/resumes/{id}/gaps/{role}", "/api/v1/resumes/" + id + "/gaps/senior-backend-engineer", "", 200},
		{"POST", "/api/v1/tutor/conversations", "", `{"role":"data-engineer","resume_id":"` + id + `"}`, 201},
		{"POST", "/api/v1/tutor/conversations/{id}/messages", conversation + "/messages", `{"content":"What should I do next?"}`, 200},
		{"POST", "/api/v1/tutor/conversations/{id}/retry", conversation + "/retry", "", 200},
		{"GET", "/api/v1/tutor/conversations", "", "", 200},
		{"GET", "/api/v1/tutor/conversations/{id}/messages", conversation + "/messages", "", 200},
		{"GET", "/api/v1/usage", "", "", 200},
		{"GET", "/api/v1/me/export", "", "", 200},
		{"POST", "/v1/chat/completions", "", `{"messages":[{"role":"user","content":"Hello"}]}`, 200},
		{"POST", "/v1/embeddings", "", `{"input":["Go","Rust"]}`, 200},
		{"GET", "/v1/models", "", "", 200},
	}
}

func TestAnswersAreAsDescribed(t *testing.T) {
	h := open(t, &model{pieces: []string{"Learn this first [1]."}}, gateway.DefaultCaps)
	c := h.newClient(t)
	d := described(t, c)
	id := c.resume().String()
	h.promote()
	conversation := strings.TrimSuffix(c.conversation(`{"role":"data-engineer","resume_id":"`+id+`"}`), "/messages")
	for _, s := range happyPath(id, conversation) {
		if s.real == "" {
			s.real = s.path
		}
		a := c.json(s.method, s.real, s.body)
		if a.status != s.status {
			t.Errorf("%s %s: %d %s", s.method, s.real, a.status, a.body)
			continue
		}
		var v any
		a.decode(t, &v)
		d.check(s.method+" "+s.real, d.schemaOf(s.method, s.path, s.status, "application/json"), v)
	}
	a := c.upload("/api/v1/resumes", "a.txt", mayasResume)
	var v any
	a.decode(t, &v)
	d.check("upload", d.schemaOf("POST", "/api/v1/resumes", 201, "application/json"), v)
	c.get("/api/v1/resumes/nothing").decode(t, &v)
	d.check("problem", d.at("components", "schemas", "Problem"), v)
	schemas := map[string]string{"context": "EventContext", "notice": "Notice", "delta": "EventDelta", "citation": "Citation", "usage": "Spending", "done": "EventDone"}
	for _, e := range events(t, c.say(conversation+"/messages", "And then?").body) {
		var v any
		if err := json.Unmarshal([]byte(e.data), &v); err != nil {
			t.Fatal(err)
		}
		d.check("event "+e.name, d.at("components", "schemas", schemas[e.name]), v)
	}
	for _, s := range []step{{"DELETE", "", "/api/v1/resumes/" + id, "", 204}, {"DELETE", "", "/api/v1/me", "", 204}} {
		if a := c.json(s.method, s.real, ""); a.status != s.status || a.body != "" {
			t.Errorf("%s %s: %d %s", s.method, s.real, a.status, a.body)
		}
	}
}

func TestPlanAsACalendar(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	a := c.get("/api/v1/resumes/" + c.resume().String() + "/plan/data-engineer.ics")
	if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/calendar") || !strings.HasPrefix(a.body, "BEGIN:VCALENDAR\r\n") || !strings.Contains(a.body, "BEGIN:VEVENT") {
		t.Errorf("%d %s %.200s", a.status, a.header.Get("Content-Type"), a.body)
	}
}
