package tutor_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/tutor"
)

// The rooms that the tutor is wired to fit.
var (
	_ tutor.Reports = (*gapanalysis.Service)(nil)
	_ tutor.Model   = (*gateway.Gateway)(nil)
)

func TestStart(t *testing.T) {
	k := open(t, fixture(t), &model{})
	foreign := ident.New()
	for _, tc := range []struct {
		name  string
		r     tutor.StartRequest
		kind  error
		field string
	}{
		{"unknown role", tutor.StartRequest{Role: "astronaut"}, fault.NotFound, "role"},
		{"unknown phase", tutor.StartRequest{Role: role, Phase: "moon"}, fault.NotFound, "phase"},
		{"unknown milestone", tutor.StartRequest{Role: role, Milestone: "moon"}, fault.NotFound, "milestone"},
		{"unknown skill", tutor.StartRequest{Role: role, Skill: "moonwalking"}, fault.NotFound, "skill"},
		{"milestone of another phase", tutor.StartRequest{Role: role, Phase: depth, Milestone: "p0-retrospective"}, fault.Invalid, "phase"},
		{"unknown mode", tutor.StartRequest{Role: role, Mode: "oracle"}, fault.Invalid, "mode"},
		{"foreign resume", tutor.StartRequest{Role: role, ResumeID: &foreign}, fault.NotFound, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := k.service.Start(t.Context(), k.person, tc.r); !errors.Is(err, tc.kind) || fault.FieldOf(err) != tc.field {
				t.Errorf("got %v in %q", err, fault.FieldOf(err))
			}
		})
	}
	got, err := k.service.Start(t.Context(), k.person, tutor.StartRequest{Role: role, Phase: depth})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"` + got.ID.String() + `","role":"senior-backend-engineer","phase":"system-design-depth","milestone":"","skill":"","resume_id":null,"mode":"coach",` +
		`"created_at":"2026-11-24T12:00:00Z","updated_at":"2026-11-24T12:00:00Z","place":{"number":0,"of":0,"theme":"","waits":false}}`
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Error(diff)
	}
}

func TestSayRefuses(t *testing.T) {
	c := fixture(t)
	for _, tc := range []struct {
		name, content string
		kind          error
		field         string
		said          int
	}{
		{"empty", " \n ", fault.Invalid, "content", 0},
		{"too long", strings.Repeat("é", tutor.MaxContent+1), fault.Invalid, "content", 0},
		{"not text", "a\xff", fault.Invalid, "content", 0},
		{"null byte", "a\x00b", fault.Invalid, "content", 0},
		{"full", "hi", fault.Conflict, "", tutor.MaxMessages - 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			k := start(t, c, &model{}, tutor.StartRequest{Role: role}, false)
			k.memory.messages[k.id] = make([]tutor.Message, tc.said)
			if _, err := k.try(tc.content); !errors.Is(err, tc.kind) || fault.FieldOf(err) != tc.field {
				t.Errorf("got %v in %q", err, fault.FieldOf(err))
			}
			if len(k.events) != 0 || len(k.memory.messages[k.id]) != tc.said {
				t.Errorf("%d events, %d messages", len(k.events), len(k.memory.messages[k.id]))
			}
		})
	}
	t.Run("longest", func(t *testing.T) {
		k := start(t, c, &model{}, tutor.StartRequest{Role: role}, false)
		k.memory.messages[k.id] = make([]tutor.Message, tutor.MaxMessages-2)
		k.say(strings.Repeat("é", tutor.MaxContent))
	})
	t.Run("somebody else's", func(t *testing.T) {
		k := start(t, c, &model{}, tutor.StartRequest{Role: role}, false)
		k.person = ident.New()
		if _, err := k.try("hi"); !errors.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("cannot be stored", func(t *testing.T) {
		k := start(t, c, &model{}, tutor.StartRequest{Role: role}, false)
		k.memory.appendErr = fault.New(fault.Unavailable, "down", "Try later.")
		if _, err := k.try("hi"); !errors.Is(err, fault.Unavailable) || len(k.events) != 0 {
			t.Errorf("got %v after %d events", err, len(k.events))
		}
	})
}

func TestTurnIsStored(t *testing.T) {
	k := start(t, fixture(t), &model{}, tutor.StartRequest{Role: role, Phase: depth}, true)
	a := k.say("  What should I do next?  ")
	conversation, messages, err := k.service.Transcript(t.Context(), k.person, k.id)
	if err != nil || conversation.Role != role || len(messages) != 2 {
		t.Fatalf("%+v, %d messages, %v", conversation, len(messages), err)
	}
	asked, answered := messages[0], messages[1]
	if asked.Author != tutor.AuthorPerson || asked.Content != "What should I do next?" || asked.Engine != "" || asked.Citations == nil {
		t.Errorf("asked: %+v", asked)
	}
	if answered.Author != tutor.AuthorTutor || answered.Content != a.Text || answered.ID != a.MessageID || answered.Engine != tutor.EngineBuiltIn {
		t.Errorf("answered: %+v", answered)
	}
	if strings.Compare(asked.ID.String(), answered.ID.String()) >= 0 {
		t.Error("the ids are not in order of time")
	}
	if diff := cmp.Diff(a.Citations, answered.Citations); diff != "" {
		t.Error(diff)
	}
}

func TestResumeDeletedSince(t *testing.T) {
	k := start(t, fixture(t), &model{}, tutor.StartRequest{Role: role, Phase: depth}, true)
	k.reports.gone = true
	if a := k.say("What should I do next?"); !strings.Contains(a.Text, "has no resume") {
		t.Errorf("got %q", a.Text)
	}
}

func TestPayload(t *testing.T) {
	start, end := 3, 8
	for _, tc := range []struct {
		event tutor.Event
		want  string
	}{
		{tutor.Event{Kind: tutor.EventDelta, Text: "Hi"}, `{"text":"Hi"}`},
		{
			tutor.Event{Kind: tutor.EventCitation, Citation: &tutor.Citation{Index: 1, Kind: tutor.FromResume, ID: "resume/kafka/1", Title: "T", Text: "Kafka", Start: &start, End: &end}},
			`{"index":1,"kind":"resume","id":"resume/kafka/1","title":"T","text":"Kafka","start":3,"end":8}`,
		},
		{
			tutor.Event{Kind: tutor.EventUsage, Usage: &tutor.Spending{Model: "m", PromptTokens: 1, CompletionTokens: 2, Cost: 45_000}},
			`{"model":"m","prompt_tokens":1,"completion_tokens":2,"cost":"0.000045","reason":"","budget":null}`,
		},
	} {
		t.Run(string(tc.event.Kind), func(t *testing.T) {
			b, err := json.Marshal(tc.event.Payload())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(b)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
