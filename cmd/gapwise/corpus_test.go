package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// corpus is the PDFs of the directory that $CORPUS names. They are other people's and not part of the project, and a hundred services
// are started for them, so they are only read when asked for.
func corpus(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("CORPUS")
	if dir == "" {
		t.Skip("CORPUS=DIR names a directory of PDFs; `make check-resumes` and `make check-hostile` run this")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no PDFs in %s: %v", dir, err)
	}
	return files
}

// TestResumeCorpus analyses every resume on the command line and holds every span of the report against the text.
func TestResumeCorpus(t *testing.T) {
	files := corpus(t)
	env := map[string]string{"DATABASE_URL": pgtest.URL(t)}
	unreadable := map[string]string{"image_only": "no-text", "scanned_resume": "no-text", "password_protected": "password"}
	read, refused := 0, 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			stdout, stderr, code := cli(t, env, "", "analyze", file, "--role", "senior-backend-engineer", "--json")
			for part, reason := range unreadable {
				if strings.Contains(file, part) {
					refused++
					if code != exitUnreadable || !strings.Contains(stderr, reason) || stdout != "" {
						t.Errorf("exit %d, stdout %q, stderr %q; want exit 3 and %s", code, stdout, stderr, reason)
					}
					return
				}
			}
			if code != exitDone {
				t.Fatalf("exit %d: %s", code, stderr)
			}
			read++
			var report gapanalysis.Report
			if err := json.Unmarshal([]byte(stdout), &report); err != nil {
				t.Fatalf("stdout is not one JSON document: %v", err)
			}
			stdout, stderr, code = cli(t, nil, "", "read", file, "--json")
			if code != exitDone {
				t.Fatalf("read: exit %d: %s", code, stderr)
			}
			var doc resume.Document
			if err := json.Unmarshal([]byte(stdout), &doc); err != nil {
				t.Fatal(err)
			}
			for _, g := range report.Skills {
				checkSpans(t, doc.Text, g.Evidence)
			}
		})
	}
	t.Logf("%d resumes: %d analysed, %d refused with a reason", len(files), read, refused)
}

func checkSpans(t *testing.T, text string, mentions []skill.Mention) {
	t.Helper()
	runes := []rune(text)
	for _, m := range mentions {
		if m.Start < 0 || m.End > len(runes) || m.Start >= m.End || string(runes[m.Start:m.End]) != m.Text {
			t.Errorf("the span [%d,%d) does not index %q", m.Start, m.End, m.Text)
		}
	}
}

// hostileLimit is the longest that any file may take.
const hostileLimit = 10 * time.Second

// TestHostileCorpus uploads files made to break readers, two at a time, while somebody else asks for /healthz.
func TestHostileCorpus(t *testing.T) {
	files := corpus(t)
	s := start(t, nil)
	g := s.guest()
	if status, b := g.upload("warm.pdf", walkResume(t)); status != http.StatusCreated { // the PDF engine is compiled
		t.Fatalf("%d %s", status, b)
	}
	stop, slowest := make(chan struct{}), time.Duration(0)
	var health sync.WaitGroup
	health.Go(func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			begun := time.Now()
			if status, _, _ := g.do(http.MethodGet, "/healthz", "", nil, nil); status != http.StatusOK {
				t.Errorf("/healthz is %d", status)
				return
			}
			slowest = max(slowest, time.Since(begun))
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	})
	took := make([]time.Duration, len(files))
	slots := make(chan struct{}, 2)
	var uploads sync.WaitGroup
	for i, file := range files {
		uploads.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Error(err)
				return
			}
			begun := time.Now()
			status, body := g.upload(filepath.Base(file), data)
			took[i] = time.Since(begun)
			if status != http.StatusCreated && (status < 400 || status >= 500 || !strings.Contains(string(body), `"code"`)) {
				t.Errorf("%s: %d %s", filepath.Base(file), status, body)
			}
		})
	}
	uploads.Wait()
	close(stop)
	health.Wait()
	longest := slices.Max(took)
	t.Logf("%d hostile files: the longest took %v; /healthz answered within %v", len(files), longest.Round(time.Millisecond), slowest.Round(time.Millisecond))
	if longest > hostileLimit {
		t.Errorf("%s took %v, want at most %v", files[slices.Index(took, longest)], longest, hostileLimit)
	}
}
