package web_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/resume"
)

// TestJSONResume takes a resume away and brings it back: the jobs and skills are the same.
func TestJSONResume(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	id := c.resume().String()
	a := c.get("/api/v1/resumes/" + id + "/jsonresume")
	if a.status != 200 || a.header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("%d %s", a.status, a.header.Get("Cache-Control"))
	}
	var out resume.JSONResume
	a.decode(t, &out)
	if len(out.Work) == 0 || len(out.Skills) == 0 {
		t.Fatalf("%d jobs and %d skills of %s", len(out.Work), len(out.Skills), a.body)
	}
	type view struct {
		Positions []resume.Position
		Skills    []struct{ Name string }
	}
	var first, again view
	c.get("/api/v1/resumes/"+id).decode(t, &first)
	back := c.upload("/api/v1/resumes", "again.json", a.body)
	if back.status != 201 {
		t.Fatalf("%d %s", back.status, back.body)
	}
	back.decode(t, &again)
	for i := range first.Positions {
		first.Positions[i].Span = [2]int{}
	}
	for i := range again.Positions {
		again.Positions[i].Span = [2]int{}
	}
	if diff := cmp.Diff(first.Positions, again.Positions); diff != "" {
		t.Errorf("positions (-before +after):\n%s", diff)
	}
	names := map[string]bool{}
	for _, s := range again.Skills {
		names[s.Name] = true
	}
	for _, s := range out.Skills {
		if !names[s.Name] {
			t.Errorf("the skill %q does not come back", s.Name)
		}
	}
	if other := h.newClient(t); other.resume().String() != id {
		if a := other.get("/api/v1/resumes/" + id + "/jsonresume"); a.status != 404 {
			t.Errorf("somebody else gets %d", a.status)
		}
	}
	if c.json("PATCH", "/api/v1/resumes/"+id+"/skills/go", `{"status":"rejected"}`); json.Valid([]byte(a.body)) {
		var after resume.JSONResume
		c.get("/api/v1/resumes/"+id+"/jsonresume").decode(t, &after)
		for _, s := range after.Skills {
			if s.Name == "Go" {
				t.Error("a rejected skill is exported")
			}
		}
	}
}
