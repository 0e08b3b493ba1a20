package main

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/pgtest"
)

// ownCatalog writes an operator's directory: a role made of the binary's Backend Engineer and a skill, with changes made to each file.
func ownCatalog(t *testing.T, roleID string, change *strings.Replacer) string {
	t.Helper()
	source, err := catalog.Source()
	if err != nil {
		t.Fatal(err)
	}
	role, err := fs.ReadFile(source, "roles/backend-engineer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(role), "aliases:\n") // a title leads to one role, so the copy has one of its own
	_, rest, _ = strings.Cut(rest, "summary:")
	role = []byte(strings.Replace(head, "name: Backend Engineer", "name: House Engineer", 1) + "summary:" + rest)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"roles/" + roleID + ".yaml": strings.Replace(string(role), "id: backend-engineer\n", "id: house-engineer\n", 1),
		"skills/ours.yaml": "- id: house-queue\n  name: House Queue\n  kind: platform\n  description: A message queue of our own that all services of the company talk through.\n" +
			"  aliases: [housemq]\n  parent: message-queues\n  effort: S\n",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(change.Replace(text)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestProgressSurvivesAnUpgrade renames a role, one of its milestones, a phase and a skill between two starts on one database.
func TestProgressSurvivesAnUpgrade(t *testing.T) {
	t.Parallel()
	base, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	model, err := base.Role("backend-engineer")
	if err != nil {
		t.Fatal(err)
	}
	phase := model.Phases[0].ID
	milestone := model.Phases[0].Milestones[0].ID
	env := map[string]string{"DATABASE_URL": pgtest.URL(t), "GAPWISE_CATALOG": ownCatalog(t, "house-engineer", strings.NewReplacer())}

	before := start(t, env).guest()
	before.json(http.MethodPut, "/api/v1/progress/house-engineer/milestones/"+milestone, map[string]any{"status": "done", "note": "shown in May"}, http.StatusOK, nil)
	var conversation struct{ ID string }
	before.json(http.MethodPost, "/api/v1/tutor/conversations", map[string]any{"role": "house-engineer", "phase": phase}, http.StatusCreated, &conversation)
	status, body := before.upload("resume.txt", []byte("Jo Doe\n\nExperience\nEngineer, Acme\nJan 2020 – Dec 2022\n• Ran housemq for ten teams\n"))
	if status != http.StatusCreated {
		t.Fatalf("upload: %d %s", status, body)
	}
	var resumes struct{ Resumes []struct{ ID string } }
	before.json(http.MethodGet, "/api/v1/resumes", nil, http.StatusOK, &resumes)
	before.json(http.MethodPatch, "/api/v1/resumes/"+resumes.Resumes[0].ID+"/skills/house-queue", map[string]any{"status": "confirmed", "level": 4}, http.StatusOK, nil)

	env["GAPWISE_CATALOG"] = ownCatalog(t, "company-engineer", strings.NewReplacer(
		"id: house-engineer\n", "id: company-engineer\nformer_ids: [house-engineer]\n",
		"- id: "+milestone+"\n", "- id: first-proof\n        former_ids: ["+milestone+"]\n",
		"- id: "+phase+"\n", "- id: the-beginning\n    former_ids: ["+phase+"]\n",
		"phase: "+phase+",", "phase: the-beginning,", "phase: "+phase+"\n", "phase: the-beginning\n",
		"id: house-queue\n", "id: company-queue\n  former_ids: [house-queue]\n",
	))
	after := &guest{service: start(t, env), token: before.token}
	for _, role := range []string{"company-engineer", "house-engineer"} { // whoever kept the old address still gets there
		var progress struct {
			Milestones []struct{ Role, Milestone, Status, Note string }
		}
		after.json(http.MethodGet, "/api/v1/progress/"+role, nil, http.StatusOK, &progress)
		found := false
		for _, m := range progress.Milestones {
			found = found || m.Milestone == "first-proof" && m.Role == "company-engineer" && m.Status == "done" && m.Note == "shown in May"
		}
		if !found {
			t.Errorf("progress on %s after the upgrade: %+v", role, progress)
		}
	}
	checkUpgrade(t, after, milestone)
	after.json(http.MethodPost, "/api/v1/tutor/conversations/"+conversation.ID+"/messages", map[string]any{"content": "What should I do first?"}, http.StatusOK, nil)
	var kept struct {
		Skills []struct {
			ID     *string
			Level  int
			Status string
		}
	}
	after.json(http.MethodGet, "/api/v1/resumes/"+resumes.Resumes[0].ID, nil, http.StatusOK, &kept)
	if len(kept.Skills) != 1 || kept.Skills[0].ID == nil || *kept.Skills[0].ID != "company-queue" || kept.Skills[0].Level != 4 || kept.Skills[0].Status != "confirmed" {
		t.Errorf("the corrected skill after the upgrade: %+v", kept.Skills)
	}
}

// checkUpgrade: the upgrade is offered as a difference, until the person agrees to what was offered and to nothing else.
func checkUpgrade(t *testing.T, g *guest, milestone string) {
	t.Helper()
	type standing struct {
		CatalogVersion string `json:"catalog_version"`
		SeenVersion    string `json:"seen_version"`
		Upgrade        *struct {
			From, To string
			Changes  []struct{ What, Change, ID, Former, Status string }
		}
	}
	var s standing
	g.json(http.MethodGet, "/api/v1/progress/company-engineer", nil, http.StatusOK, &s)
	if s.Upgrade == nil || s.Upgrade.From != s.SeenVersion || s.Upgrade.To != s.CatalogVersion || len(s.Upgrade.Changes) != 2 {
		t.Fatalf("the upgrade: %+v", s)
	}
	if p, m := s.Upgrade.Changes[0], s.Upgrade.Changes[1]; p.What != "phase" || p.Change != "renamed" || p.ID != "the-beginning" ||
		m.What != "milestone" || m.Change != "renamed" || m.ID != "first-proof" || m.Former != milestone || m.Status != "done" {
		t.Errorf("the changes: %+v", s.Upgrade.Changes)
	}
	const accept = "/api/v1/progress/company-engineer/catalog"
	g.json(http.MethodPut, accept, map[string]any{"catalog_version": s.SeenVersion}, http.StatusConflict, nil)
	var agreed standing
	g.json(http.MethodPut, accept, map[string]any{"catalog_version": s.Upgrade.To}, http.StatusOK, &agreed)
	if agreed.Upgrade != nil || agreed.SeenVersion != s.CatalogVersion {
		t.Errorf("after it was agreed to: %+v", agreed)
	}
}
