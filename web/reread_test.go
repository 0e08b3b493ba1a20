package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/gateway"
)

// TestReread has the stored file read again, by a program and by a page, and what the person said stay.
func TestReread(t *testing.T) {
	t.Parallel()
	h := open(t, nil, gateway.Caps{})
	c := h.newClient(t)
	id := c.resume().String()
	if a := c.json("PATCH", "/api/v1/resumes/"+id+"/skills/go", `{"status":"rejected"}`); a.status != 200 {
		t.Fatalf("correction: %d %s", a.status, a.body)
	}
	if a := c.page("/resumes/" + id); strings.Contains(a.body, "/reread") {
		t.Error("the page offers to read again what today's rules have read")
	}
	h.mu.Lock()
	for _, u := range h.uploads {
		u.thing.Profile.ExtractorVersion = "rules-0"
	}
	h.mu.Unlock()
	if a := c.page("/resumes/" + id); !strings.Contains(a.body, `action="/resumes/`+id+`/reread"`) {
		t.Error("the page does not offer to read again what earlier rules have read")
	}
	a := c.json("POST", "/api/v1/resumes/"+id+"/reread", "")
	var got struct {
		ID     string
		Skills []struct{ ID, Status string }
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != 200 || got.ID != id {
		t.Fatalf("%d %s, %v", a.status, a.body, err)
	}
	rejected := 0
	for _, s := range got.Skills {
		if s.ID == "go" && s.Status == "rejected" {
			rejected++
		}
	}
	if rejected != 1 || len(got.Skills) < 2 {
		t.Errorf("skills after it: %+v", got.Skills)
	}
	if a := c.form("/resumes/" + id + "/reread"); a.status != 303 || a.header.Get("Location") != "/resumes/"+id {
		t.Errorf("form: %d %s", a.status, a.body)
	}
	if a := h.newClient(t).json("POST", "/api/v1/resumes/"+id+"/reread", ""); a.status != 401 && a.status != 404 {
		t.Errorf("a stranger: %d %s", a.status, a.body)
	}
}
