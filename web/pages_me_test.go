package web_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gateway"
)

// What is somebody's is on their page, and nothing of anybody else.
func TestMe(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c, other := h.newClient(t), h.newClient(t)
	own, foreign := c.resume().String(), other.resume().String()
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.catalog.Role("senior-backend-engineer")
	if err != nil {
		t.Fatal(err)
	}
	first, second := r.Phases[0].Milestones[0].ID, r.Phases[1].Milestones[0].ID
	for _, m := range []string{first + ` {"status":"done","evidence_url":"https://example.org/x"}`, second + ` {"status":"started"}`} {
		id, body, _ := strings.Cut(m, " ")
		if a := c.json("PUT", "/api/v1/progress/senior-backend-engineer/milestones/"+id, body); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	n := parse(t, c.page("/me"))
	checkPage(t, "me", n)
	text := strings.Join(strings.Fields(textOf(all(n, "main")[0])), " ")
	for _, want := range []string{"maya.txt", "Senior Backend Engineer", "1 of ", "No language model is configured", "You are here as a guest", "Download everything"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	body := c.page("/me").body
	if !strings.Contains(body, own+"/plan/senior-backend-engineer") || strings.Contains(body, foreign) {
		t.Error("the plan is not led to, or something of somebody else is there")
	}
	if strings.Contains(body, `href="/operator"`) {
		t.Error("a guest is led to what operators see")
	}
	if got := textOf(all(parse(t, other.page("/me")), "main")[0]); !strings.Contains(got, "You have begun no milestone yet") {
		t.Errorf("somebody else's page says %s", got)
	}
	if a := h.newClient(t).page("/me"); a.status != 401 {
		t.Errorf("without a session: %d", a.status)
	}
	for language, want := range map[string]string{"de": "Sie sind als Gast hier", "es": "Está aquí como invitado"} {
		a := c.get("/me", "Accept", "text/html", "Accept-Language", language)
		if checkPage(t, language, parse(t, a)); !strings.Contains(a.body, want) || strings.Contains(a.body, "%!") {
			t.Errorf("%s does not say %q", language, want)
		}
	}
}
