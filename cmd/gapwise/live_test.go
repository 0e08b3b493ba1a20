package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/prompts"
	"github.com/gapwise/gapwise/tutor"
)

// liveQuestion is a question with what a good answer does.
type liveQuestion struct {
	Mode      tutor.Mode `yaml:"mode"`
	Milestone string     `yaml:"milestone"`
	Ask       string     `yaml:"ask"`
	Criteria  []string   `yaml:"criteria"`
}

// liveScore is how the answers did.
type liveScore struct {
	answers, byModel, unjudged, passed, criteria, removed int
	cost                                                  gateway.Nano
}

// TestTutorLive puts the questions to the model of LLM_BASE_URL and has the route of the purpose judge score the answers. It runs where
// TUTOR_LIVE is set: `make tutor-live`.
func TestTutorLive(t *testing.T) {
	if os.Getenv("TUTOR_LIVE") == "" {
		t.Skip("asks a real model; run it with make tutor-live")
	}
	settings := map[string]string{}
	for _, name := range []string{"LLM_BASE_URL", "LLM_API_KEY", "LLM_MODEL", "LLM_PRICE_INPUT", "LLM_PRICE_OUTPUT", "LLM_ROUTES", "GAPWISE_BUDGET_REQUEST", "GAPWISE_BUDGET_PERSON_DAY"} {
		settings[name] = os.Getenv(name)
	}
	if settings["LLM_BASE_URL"] == "" {
		t.Fatal("LLM_BASE_URL is not set")
	}
	s := runLive(t, settings, os.Stdout)
	if s.byModel == 0 {
		t.Error("the model answered nothing")
	}
}

// TestLiveAgainstAStub holds the run itself against a model that says and judges what is scripted.
func TestLiveAgainstAStub(t *testing.T) {
	stub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a short body of our own
		say := "Start with the first milestone of the phase."
		if strings.Contains(string(body), "You check an answer of a career tutor") {
			say = `{"verdicts":[{"id":"c1","verdict":"pass","why":"It does."},{"id":"c2","verdict":"fail","why":"It does not."}]}`
		}
		var q struct {
			Stream bool `json:"stream"`
		}
		_ = json.Unmarshal(body, &q) // a request of our own
		content, _ := json.Marshal(say)
		const usage = `{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}`
		if !q.Stream {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"id":"x","object":"chat.completion","model":"stub","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%s}}],"usage":%s}`, content, usage)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},\"finish_reason\":\"stop\"}]}\n\n", content)
		fmt.Fprintf(w, "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":%s}\n\ndata: [DONE]\n\n", usage)
	}))
	t.Cleanup(stub.Close)
	var out strings.Builder
	s := runLive(t, map[string]string{
		"LLM_BASE_URL": stub.URL + "/v1", "LLM_API_KEY": "k", "LLM_MODEL": "stub", "LLM_PRICE_INPUT": "1", "LLM_PRICE_OUTPUT": "1", "GAPWISE_BUDGET_PERSON_DAY": "5", "GAPWISE_BUDGET_REQUEST": "1",
	}, &out)
	if s.answers != 24 || s.byModel < 15 || s.unjudged != 0 || s.passed != s.answers || s.criteria <= s.passed || s.cost == 0 {
		t.Errorf("%+v\n%s", s, out.String())
	}
	if !strings.Contains(out.String(), "criteria passed") || !strings.Contains(out.String(), "$0.0") {
		t.Errorf("report: %s", out.String())
	}
}

// runLive asks all questions through the whole service and judges the answers.
func runLive(t *testing.T, env map[string]string, out io.Writer) liveScore {
	t.Helper()
	var questions []liveQuestion
	b, err := os.ReadFile(filepath.Join("testdata", "live.yaml"))
	if err == nil {
		err = yaml.Unmarshal(b, &questions)
	}
	if err != nil {
		t.Fatal(err)
	}
	env["GAPWISE_DATA"], env["DATABASE_URL"], env["HOME"] = sharedCache(t), pgtest.URL(t), t.TempDir()
	cfg, err := config.Load(func(k string) string { return env[k] }, nil, "none.yaml")
	if err != nil {
		t.Fatal(err)
	}
	h, err := open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	ctx := t.Context()
	person, _, err := h.accounts.Admit(ctx, account.Guest, "", account.Bearer)
	if err != nil {
		t.Fatal(err)
	}
	u, err := h.intake.Read(ctx, "resume.txt", []byte(contextResume))
	if err == nil {
		err = h.intake.Keep(ctx, person.ID, u)
	}
	if err != nil {
		t.Fatal(err)
	}
	var s liveScore
	for _, q := range questions {
		c, err := h.tutor.Start(ctx, person.ID, tutor.StartRequest{Role: "senior-backend-engineer", Milestone: q.Milestone, Mode: q.Mode, ResumeID: &u.ID})
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.tutor.Say(ctx, person.ID, c.ID, q.Ask, nil)
		if err != nil {
			t.Fatalf("%s: %v", q.Ask, err)
		}
		s.judge(ctx, t, h, q, a, out)
	}
	fmt.Fprintf(out, "\n%d answers, %d by the model; %d of %d criteria passed, %d answers not judged; %d sentences removed by the check; cost $%s, judging included\n",
		s.answers, s.byModel, s.passed, s.criteria, s.unjudged, s.removed, s.cost)
	return s
}

// judge has an answer scored by the route of the purpose judge.
func (s *liveScore) judge(ctx context.Context, t *testing.T, h *house, q liveQuestion, a *tutor.Answer, out io.Writer) {
	t.Helper()
	s.answers++
	s.cost += a.Cost
	if a.Engine != tutor.EngineBuiltIn {
		s.byModel++
	}
	for _, n := range a.Notices {
		if n.Kind == tutor.NoticeRemoved {
			s.removed += n.Count
		}
	}
	in := prompts.Judge{Task: "The tutor answered in the mode " + string(q.Mode) + ".", Question: q.Ask, Answer: a.Text}
	for _, c := range a.Citations {
		in.Sources = append(in.Sources, prompts.Source{Number: c.Index, Kind: string(c.Kind), Title: c.Title, Text: c.Text})
	}
	for i, c := range q.Criteria {
		in.Criteria = append(in.Criteria, prompts.Criterion{ID: fmt.Sprint("c", i+1), Text: c})
	}
	library, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	p, err := library.Render(prompts.JudgeID, in)
	if err != nil {
		t.Fatal(err)
	}
	messages := make([]gateway.Message, len(p.Messages))
	for i, m := range p.Messages {
		messages[i] = gateway.Message{Role: m.Role, Content: m.Content}
	}
	resp, err := h.gateway.Complete(ctx, gateway.Request{Purpose: p.Purpose, PromptVersion: p.Version, Messages: messages, MaxTokens: p.MaxTokens, JSON: true, Schema: p.Schema})
	var j struct {
		Verdicts []struct{ ID, Verdict, Why string }
	}
	if err == nil {
		s.cost += resp.Cost
		err = json.Unmarshal([]byte(resp.Text), &j)
	}
	fmt.Fprintf(out, "\n%s: %s\n  %s: %s\n", q.Mode, q.Ask, a.Engine, strings.ReplaceAll(a.Text, "\n", "\n    "))
	if err != nil {
		s.unjudged++
		fmt.Fprintf(out, "  not judged: %v\n", err)
		return
	}
	for i, c := range q.Criteria {
		s.criteria++
		verdict, why := "fail", "the judge said nothing of it"
		for _, v := range j.Verdicts {
			if v.ID == fmt.Sprint("c", i+1) {
				verdict, why = v.Verdict, v.Why
			}
		}
		if verdict == "pass" {
			s.passed++
		}
		fmt.Fprintf(out, "  %s: %s (%s)\n", verdict, c, why)
	}
}
