package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/pgtest"
)

// TestExitCodes runs verbs that need no database, right and wrong.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	empty, picture := file("empty.pdf", ""), file("photo.pdf", "\x89PNG\r\n\x1a\n\x00\x00")
	tests := []struct {
		name   string
		args   []string
		stdin  string
		code   int
		stderr string // part of it
		stdout string // part of it; "" for nothing at all
	}{
		{"no verb", nil, "", exitWrongUse, "Usage: gapwise VERB", ""},
		{"help", []string{"help"}, "", exitDone, "analyze", ""},
		{"help of a verb", []string{"analyze", "--help"}, "", exitDone, "-role", ""},
		{"unknown verb", []string{"fly"}, "", exitWrongUse, "no verb", ""},
		{"unknown flag", []string{"read", "--fast", "x"}, "", exitWrongUse, "fast", ""},
		{"no file named", []string{"read"}, "", exitWrongUse, "Name one file", ""},
		{"no such file", []string{"skills", filepath.Join(dir, "none.pdf")}, "", exitWrongUse, "There is no file", ""},
		{"empty", []string{"read", empty}, "", exitUnreadable, "empty:", ""},
		{"empty as JSON", []string{"read", "--json", empty}, "", exitUnreadable, "empty:", `"outcome":"empty"`},
		{"a picture", []string{"skills", picture}, "", exitUnreadable, "unsupported:", ""},
		{"analyze without a role", []string{"analyze", empty}, "", exitWrongUse, "--role", ""},
		{"analyze for no role", []string{"analyze", empty, "--role", "astronaut"}, "", exitWrongUse, "no role", ""},
		{"analyze what is empty", []string{"analyze", empty, "--role", "backend-engineer"}, "", exitUnreadable, "empty:", ""},
		{"from stdin", []string{"read", "-"}, "Ada Roth\nGo developer\n", exitDone, "words", "Go developer"},
		{"as JSON Resume", []string{"read", "--format", "jsonresume", "-"}, "Ada Roth\n\nSkills\nGo, PostgreSQL\n", exitDone, "", `"name": "PostgreSQL"`},
		{"as something else", []string{"read", "--format", "docx", empty}, "", exitWrongUse, "jsonresume", ""},
		{"empty as JSON Resume", []string{"read", "--format", "jsonresume", empty}, "", exitUnreadable, "empty:", ""},
		{"lines and files", []string{"skills", "--lines", empty}, "", exitWrongUse, "--lines", ""},
		{"link without lines", []string{"link"}, "", exitWrongUse, "--lines", ""},
		{"catalog lint", []string{"catalog", "lint"}, "", exitDone, "keeps every rule", ""},
		{"prompts without a verb", []string{"prompts"}, "", exitWrongUse, "Say list", ""},
		{"list of prompts", []string{"prompts", "list"}, "", exitDone, "", "tutor-hint-"},
		{"a prompt as written", []string{"prompts", "show", "judge"}, "", exitDone, "", "id: judge"},
		{"a prompt filled in", []string{"prompts", "render", "summary"}, "", exitDone, "", "=== system"},
		{"a prompt filled in from stdin", []string{"prompts", "render", "tutor-coach", "--data", "-"}, `{"role":"Data Engineer","question":"Why Kafka?"}`, exitDone, "", "Why Kafka?"},
		{"a prompt that lacks the field", []string{"prompts", "render", "tutor-coach", "--data", "-"}, `{"rolle":"Data Engineer"}`, exitWrongUse, "rolle", ""},
		{"no such prompt", []string{"prompts", "show", "nobody"}, "", exitFailed, "no prompt template", ""},
		{"prompts from nowhere", []string{"prompts", "list", "--prompts", filepath.Join(dir, "none")}, "", exitWrongUse, "GAPWISE_PROMPTS", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stdout, stderr, code := cli(t, nil, tt.stdin, tt.args...)
			if code != tt.code || !strings.Contains(stderr, tt.stderr) || !strings.Contains(stdout, tt.stdout) || tt.stdout == "" && stdout != "" {
				t.Errorf("exit %d, stdout %q, stderr %q; want exit %d, %q in stderr, %q in stdout", code, stdout, stderr, tt.code, tt.stderr, tt.stdout)
			}
		})
	}
}

// TestLines holds one JSON document a line, in order, for the verbs that answer line by line.
func TestLines(t *testing.T) {
	in := "Postgres and Go services on Kubernetes\n\nWe go to market in spring\n"
	tests := []struct {
		verb  string
		check func(t *testing.T, lines []string)
	}{
		{"skills", func(t *testing.T, lines []string) {
			t.Helper()
			if !strings.Contains(lines[0], `"id":"postgresql"`) || strings.Contains(lines[0], `"file"`) || !strings.Contains(lines[0], `"start":0,"end":8`) {
				t.Errorf("first line: %s", lines[0])
			}
			if lines[1] != `{"skills":[]}` || strings.Contains(lines[2], `"id":"go"`) || strings.Contains(lines[2], `"id":"spring"`) {
				t.Errorf("second %s, third %s; want no skills", lines[1], lines[2])
			}
		}},
		{"link", func(t *testing.T, lines []string) {
			t.Helper()
			if lines[1] != `{"links":[]}` {
				t.Errorf("an empty line links to %s", lines[1])
			}
		}},
		{"related", nil},
		{"embed", nil},
	}
	for _, tt := range tests {
		t.Run(tt.verb, func(t *testing.T) {
			stdout, stderr, code := cli(t, nil, in, tt.verb, "--lines")
			lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
			if code != exitDone || len(lines) != 3 {
				t.Fatalf("exit %d, %d lines, want 3; stderr %s", code, len(lines), stderr)
			}
			for i, l := range lines {
				if !json.Valid([]byte(l)) {
					t.Errorf("line %d is no JSON: %s", i, l)
				}
			}
			if tt.check != nil {
				tt.check(t, lines)
			}
		})
	}
}

// TestMatchAndRoles runs the readable and the JSON form of the verbs that judge a resume.
func TestMatchAndRoles(t *testing.T) {
	env := map[string]string{"DATABASE_URL": pgtest.URL(t)}
	resume := filepath.Join("testdata", "resume.txt")
	for _, args := range [][]string{
		{"roles", resume},
		{"match", resume, "-k", "3"},
		{"analyze", resume, "--role", "senior-backend-engineer", "--hours", "5"},
		{"jobs", "import", filepath.Join("..", "..", "catalog", "data", "postings", "samples.jsonl")},
		{"usage"},
		{"token"},
	} {
		t.Run(args[0], func(t *testing.T) {
			readable, stderr, code := cli(t, env, "", args...)
			if code != exitDone || readable == "" {
				t.Errorf("exit %d, %d bytes; stderr %s", code, len(readable), stderr)
			}
			asJSON, stderr, code := cli(t, env, "", append(args, "--json")...)
			if code != exitDone || !json.Valid([]byte(asJSON)) {
				t.Errorf("--json: exit %d, stdout %s, stderr %s", code, asJSON, stderr)
			}
		})
	}
}

// TestDoctor names what is in force and hides secrets.
func TestDoctor(t *testing.T) {
	stdout, _, code := cli(t, map[string]string{"LLM_BASE_URL": "http://127.0.0.1:9/v1", "LLM_MODEL": "gpt-4o-mini", "LLM_API_KEY": "sk-secret"}, "", "doctor")
	if code != exitDone || !strings.Contains(stdout, "gpt-4o-mini") || !strings.Contains(stdout, "environment") || strings.Contains(stdout, "sk-secret") {
		t.Errorf("exit %d:\n%s", code, stdout)
	}
	stdout, stderr, code := cli(t, map[string]string{"LLM_BASE_URL": "http://127.0.0.1:9/v1", "LLM_MODEL": "house-brew"}, "", "doctor")
	if code != exitFailed || !strings.Contains(stdout, "LLM_PRICE_INPUT") {
		t.Errorf("a model without a price: exit %d\n%s%s", code, stdout, stderr)
	}
}
