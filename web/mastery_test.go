package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

// itemMemory keeps what the tutor remembers.
type itemMemory struct {
	itemsMu sync.Mutex
	items   map[uuid.UUID]owned[tutor.Item]
}

func (m *itemMemory) Items(_ context.Context, person uuid.UUID, f tutor.ItemFilter) ([]tutor.Item, error) {
	m.itemsMu.Lock()
	defer m.itemsMu.Unlock()
	out := []tutor.Item{}
	for _, o := range m.items {
		it := o.thing
		if o.person == person && (len(f.Skills) == 0 || slices.Contains(f.Skills, it.Skill)) && (f.Concept == "" || it.Concept == f.Concept) && (f.DueBy.IsZero() || !it.DueAt.After(f.DueBy)) {
			it.Shown = slices.Clone(it.Shown)
			out = append(out, it)
		}
	}
	slices.SortFunc(out, func(a, b tutor.Item) int { return a.DueAt.Compare(b.DueAt) })
	return out[:min(len(out), f.Limit)], nil
}

func (m *itemMemory) Item(_ context.Context, person, id uuid.UUID) (tutor.Item, error) {
	m.itemsMu.Lock()
	defer m.itemsMu.Unlock()
	o := m.items[id]
	if o.person != person {
		return tutor.Item{}, errNotYours
	}
	o.thing.Shown = slices.Clone(o.thing.Shown)
	return o.thing, nil
}

func (m *itemMemory) SaveItem(_ context.Context, person uuid.UUID, it tutor.Item, _ int) error {
	m.itemsMu.Lock()
	defer m.itemsMu.Unlock()
	if m.items[it.ID].thing.Version != it.Version {
		return fault.New(fault.Conflict, tutor.CodeItemChanged, "Changed.")
	}
	it.Version++
	m.items[it.ID] = owned[tutor.Item]{person, it}
	return nil
}

func (m *itemMemory) DropItem(_ context.Context, person, id uuid.UUID, version int) error {
	m.itemsMu.Lock()
	defer m.itemsMu.Unlock()
	switch o := m.items[id]; {
	case o.person != person:
		return errNotYours
	case version > 0 && o.thing.Version != version:
		return fault.New(fault.Conflict, tutor.CodeItemChanged, "Changed.")
	}
	delete(m.items, id)
	return nil
}

func (m *itemMemory) Recalls(_ context.Context, person uuid.UUID) ([]gapanalysis.Recall, error) {
	return m.recalls(person), nil
}

func (m *itemMemory) recalls(person uuid.UUID) []gapanalysis.Recall {
	m.itemsMu.Lock()
	defer m.itemsMu.Unlock()
	var out []gapanalysis.Recall
	for _, o := range m.items {
		if o.person == person {
			out = append(out, o.thing.Counting())
		}
	}
	return out
}

const asked = "skill/apache-airflow/question/%d"

// learner is a client of whom the tutor remembers four right answers about two questions on Airflow, the last of them three days ago.
func learner(t *testing.T, h *house) (c *client, resume uuid.UUID) {
	t.Helper()
	c = h.newClient(t)
	resume = c.resume()
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	for i, ago := range []int{13, 10, 6, 3} {
		at := today.AddDate(0, 0, -ago)
		m := tutor.NewMastery(f.catalog, h.memory, func() time.Time { return at })
		if err := m.Note(t.Context(), h.uploads[resume].person, []tutor.Shown{{
			Skill: "apache-airflow", Concept: fmt.Sprintf(asked, 3+i%2), Kind: tutor.ShownQuiz, Judge: tutor.JudgeRule, Outcome: tutor.OutcomeRight, Level: 3, Evidence: "words of mine", Conversation: uuid.New(), Message: uuid.New(),
		}}); err != nil {
			t.Fatal(err)
		}
	}
	return c, resume
}

type itemAnswer struct {
	ID      uuid.UUID `json:"id"`
	Concept string    `json:"concept"`
	Outcome string    `json:"outcome"`
	Level   int       `json:"level"`
	Note    string    `json:"note"`
	Due     bool      `json:"due"`
	Shown   []struct {
		ID uuid.UUID `json:"id"`
	} `json:"shown"`
}

type itemsAnswer struct {
	Items []itemAnswer `json:"items"`
}

// row is the row of a skill in the report for data engineers.
func (c *client) row(resume uuid.UUID, skill string) (g gapanalysis.SkillGap) {
	c.t.Helper()
	var r gapanalysis.Report
	c.get("/api/v1/resumes/"+resume.String()+"/gaps/data-engineer").decode(c.t, &r)
	for _, g := range r.Skills {
		if g.ID == skill {
			return g
		}
	}
	c.t.Fatalf("%s is not in the report", skill)
	return g
}

// TestMasteryAnswersAsDescribed calls everything about what the tutor remembers and holds the answers against the description.
func TestMasteryAnswersAsDescribed(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c, resume := learner(t, h)
	d := described(t, c)
	var list itemsAnswer
	c.get("/api/v1/me/mastery").decode(t, &list)
	if len(list.Items) != 2 {
		t.Fatalf("%+v", list)
	}
	id := list.Items[0].ID.String()
	for _, s := range []step{
		{"GET", "/api/v1/me/mastery", "/api/v1/me/mastery?skill=apache-airflow&limit=9", "", 200},
		{"PATCH", "/api/v1/me/mastery/{id}", "/api/v1/me/mastery/" + id, `{"outcome":"partly","level":2,"note":"Half of it."}`, 200},
		{"GET", "/api/v1/me/mastery", "", "", 200},
		{"PATCH", "/api/v1/me/mastery/{id}", "/api/v1/me/mastery/" + id, `{"outcome":"wrong","answer":"` + list.Items[0].Shown[0].ID.String() + `"}`, 200},
		{"GET", "/api/v1/me/reviews", "/api/v1/me/reviews?skill=apache-airflow", "", 200},
		{"POST", "/api/v1/me/reviews/{id}", "/api/v1/me/reviews/" + id, `{"choice":` + choice(t, list.Items[0].Concept, true) + `}`, 200},
		{"POST", "/api/v1/me/reviews/{id}", "/api/v1/me/reviews/" + id, `{"answer":` + choice(t, list.Items[0].Concept, false) + `}`, 200},
		{"GET", "/api/v1/resumes/{id}/gaps/{role}", "/api/v1/resumes/" + resume.String() + "/gaps/data-engineer", "", 200},
		{"GET", "/api/v1/resumes/{id}/plan/{role}", "/api/v1/resumes/" + resume.String() + "/plan/data-engineer", "", 200},
	} {
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
}

// choice is the right answer to a question of the catalogue, or a wrong one, as JSON.
func choice(t *testing.T, concept string, right bool) string {
	t.Helper()
	q := questionOf(t, concept)
	text := q.Wrong[1]
	if right {
		text = q.Answer
	}
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func questionOf(t *testing.T, concept string) catalog.Question {
	t.Helper()
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if _, err := fmt.Sscanf(concept, asked, &n); err != nil {
		t.Fatal(err)
	}
	return f.catalog.Learning("apache-airflow").Questions[n-1]
}

// TestMasteryFlow goes through a review, a correction and a deletion, and looks at the report after each.
func TestMasteryFlow(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c, resume := learner(t, h)
	if g := c.row(resume, "apache-airflow"); g.Evidenced != 3 || g.Claim != "demonstrated" || len(g.Shown) != 4 || strings.Contains(fmt.Sprint(g), "words of mine") {
		t.Errorf("before: %+v", g)
	}
	var reviews struct {
		Reviews []struct {
			Item     uuid.UUID `json:"item"`
			Concept  string    `json:"concept"`
			Question string    `json:"question"`
			Choices  []string  `json:"choices"`
		} `json:"reviews"`
	}
	c.get("/api/v1/me/reviews").decode(t, &reviews)
	if len(reviews.Reviews) != 0 {
		t.Fatalf("due: %+v", reviews)
	}
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	long := today.AddDate(0, 0, -40)
	if err := tutor.NewMastery(f.catalog, h.memory, func() time.Time { return long }).Note(t.Context(), h.uploads[resume].person, []tutor.Shown{
		{Skill: "apache-airflow", Concept: fmt.Sprintf(asked, 1), Kind: tutor.ShownQuiz, Outcome: tutor.OutcomeRight, Level: 1},
	}); err != nil {
		t.Fatal(err)
	}
	c.get("/api/v1/me/reviews?limit=3").decode(t, &reviews)
	if len(reviews.Reviews) != 1 || reviews.Reviews[0].Question != questionOf(t, reviews.Reviews[0].Concept).Question || len(reviews.Reviews[0].Choices) != 4 {
		t.Fatalf("due: %+v", reviews)
	}
	due := "/api/v1/me/reviews/" + reviews.Reviews[0].Item.String()
	var grade struct {
		Outcome       string `json:"outcome"`
		Answer        string `json:"answer"`
		Misconception string `json:"misconception"`
		Item          struct {
			Due bool `json:"due"`
		} `json:"item"`
	}
	c.json("POST", due, `{"choice":`+choice(t, fmt.Sprintf(asked, 1), false)+`}`).decode(t, &grade)
	if q := questionOf(t, fmt.Sprintf(asked, 1)); grade.Outcome != "wrong" || grade.Answer != q.Answer || grade.Misconception != q.Misconception || grade.Item.Due {
		t.Errorf("%+v", grade)
	}
	c.get("/api/v1/me/reviews").decode(t, &reviews)
	if len(reviews.Reviews) != 0 {
		t.Errorf("still due: %+v", reviews)
	}
	// Two answers on two days are left once the person says that the others were wrong: too few.
	var list itemsAnswer
	c.get("/api/v1/me/mastery?skill=apache-airflow").decode(t, &list)
	i := slices.IndexFunc(list.Items, func(it itemAnswer) bool {
		return it.Concept == fmt.Sprintf(asked, 3)
	})
	item := "/api/v1/me/mastery/" + list.Items[i].ID.String()
	if a := c.json("PATCH", item, `{"outcome":"wrong","note":"Guessed."}`); a.status != 200 || !strings.Contains(a.body, `"Guessed."`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if g := c.row(resume, "apache-airflow"); g.Evidenced == 3 || len(g.Shown) != 0 {
		t.Errorf("an answer that the person takes back counts: %+v", g)
	}
	if a := c.json("PATCH", item, `{"outcome":"right"}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if g := c.row(resume, "apache-airflow"); g.Evidenced != 3 {
		t.Errorf("a correction that was taken back: %+v", g)
	}
	if a := c.json("DELETE", item+"?answer="+list.Items[i].Shown[0].ID.String(), ""); a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := c.json("DELETE", item, ""); a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := c.json("DELETE", item, ""); a.status != 404 {
		t.Errorf("deleted twice: %d", a.status)
	}
	if g := c.row(resume, "apache-airflow"); g.Evidenced == 3 || len(g.Shown) != 0 {
		t.Errorf("what was deleted counts: %+v", g)
	}
}

// TestMasteryRefuses: wrong use is told, and somebody else's is not there.
func TestMasteryRefuses(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c, _ := learner(t, h)
	stranger, nobody := h.newClient(t), h.newClient(t)
	stranger.resume()
	var list itemsAnswer
	c.get("/api/v1/me/mastery").decode(t, &list)
	item, review := "/api/v1/me/mastery/"+list.Items[0].ID.String(), "/api/v1/me/reviews/"+list.Items[0].ID.String()
	right := choice(t, list.Items[0].Concept, true)
	for _, tt := range []struct {
		who                *client
		method, path, body string
		status             int
		code               string
	}{
		{nobody, "GET", "/api/v1/me/mastery", "", 401, "no-session"},
		{nobody, "GET", "/api/v1/me/reviews", "", 401, "no-session"},
		{nobody, "POST", review, `{"choice":` + right + `}`, 401, "no-session"},
		{nobody, "PATCH", item, `{"note":"x"}`, 401, "no-session"},
		{nobody, "DELETE", item, "", 401, "no-session"},
		{stranger, "PATCH", item, `{"note":"x"}`, 404, "unknown-id"},
		{stranger, "DELETE", item, "", 404, "unknown-id"},
		{stranger, "DELETE", item + "?answer=" + list.Items[0].Shown[0].ID.String(), "", 404, "unknown-id"},
		{stranger, "POST", review, `{"choice":` + right + `}`, 404, "unknown-id"},
		{c, "GET", "/api/v1/me/mastery?due=maybe", "", 400, "invalid-due"},
		{c, "GET", "/api/v1/me/mastery?limit=x", "", 400, "invalid-limit"},
		{c, "GET", "/api/v1/me/mastery?skill=juggling-knives", "", 404, "unknown-skill"},
		{c, "GET", "/api/v1/me/reviews?skill=juggling-knives", "", 404, "unknown-skill"},
		{c, "GET", "/api/v1/me/reviews?limit=x", "", 400, "invalid-limit"},
		{c, "PATCH", item, `{}`, 400, "nothing-to-change"},
		{c, "PATCH", item, `{"outcome":"fine"}`, 400, "invalid-outcome"},
		{c, "PATCH", item, `{"level":9}`, 400, "invalid-level"},
		{c, "PATCH", item, `{"evidence":"x"}`, 400, "unknown-field"},
		{c, "PATCH", item, `{"note":"` + strings.Repeat("n", 1001) + `"}`, 400, "invalid-note"},
		{c, "PATCH", item, `{"note":"x","answer":"` + uuid.NewString() + `"}`, 404, "unknown-answer"},
		{c, "DELETE", item + "?answer=x", "", 400, "invalid-answer"},
		{c, "POST", review, `{}`, 400, "unknown-choice"},
		{c, "POST", review, `{"choice":"a","answer":"b"}`, 400, "unknown-choice"},
		{c, "POST", review, `{"choice":"none of them"}`, 400, "unknown-choice"},
	} {
		if a := tt.who.json(tt.method, tt.path, tt.body); a.status != tt.status || !strings.Contains(a.body, tt.code) {
			t.Errorf("%s %s %s: %d %s, want %d %s", tt.method, tt.path, tt.body, a.status, a.body, tt.status, tt.code)
		}
	}
	var theirs, after itemsAnswer
	stranger.get("/api/v1/me/mastery").decode(t, &theirs)
	c.get("/api/v1/me/mastery").decode(t, &after)
	if len(theirs.Items) != 0 || fmt.Sprint(after) != fmt.Sprint(list) {
		t.Errorf("a stranger sees %+v; what is kept went from %+v to %+v", theirs, list, after)
	}
}

// TestReviewsAtOnce: of two answers to one question at the same time both are kept.
func TestReviewsAtOnce(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c, _ := learner(t, h)
	var list itemsAnswer
	c.get("/api/v1/me/mastery").decode(t, &list)
	before := len(list.Items[0].Shown)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if a := c.json("POST", "/api/v1/me/reviews/"+list.Items[0].ID.String(), `{"choice":`+choice(t, list.Items[0].Concept, true)+`}`); a.status != 200 {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	wg.Wait()
	var after itemsAnswer
	c.get("/api/v1/me/mastery").decode(t, &after)
	i := slices.IndexFunc(after.Items, func(it itemAnswer) bool {
		return it.ID == list.Items[0].ID
	})
	if n := len(after.Items[i].Shown); n != before+2 {
		t.Errorf("%d answers, want %d", n, before+2)
	}
}
