package main

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/tutor"
)

const contextResume = `Lena Hofer
Backend Engineer, Vienna
lena.hofer@example.com | +43 660 1234567

Experience
Backend Engineer, Isarpost GmbH
March 2019 - June 2024
- Moved the order service from cron jobs to RabbitMQ consumers in Go.
- Tuned PostgreSQL queries; the slowest report went from 40 s to 3 s.
- Ran the on-call rota for a team of six, with runbooks in Git and alerts in Prometheus.
- Reviewed designs of three teams and wrote the guidelines for REST APIs.
Junior Developer, Blaupunkt Media
2016 - 2019
- Built REST APIs in PHP and later in Go, with MySQL and Redis.

Education
BSc Computer Science, University of Vienna, 2016
`

// userTime is what the process has computed so far, without the system's own time.
func userTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

// BenchmarkContext puts together what an answer is made from, with a resume, a report, a memory and thirty messages, through PostgreSQL, looks
// for injections and hides people. It reports the median in milliseconds, and what one takes of the processor, all goroutines together.
func BenchmarkContext(b *testing.B) {
	settings := map[string]string{"GAPWISE_DATA": sharedCache(b), "DATABASE_URL": pgtest.URL(b), "HOME": b.TempDir()}
	cfg, err := config.Load(func(k string) string { return settings[k] }, nil, "none.yaml")
	if err != nil {
		b.Fatal(err)
	}
	h, err := open(b.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := h.Close(); err != nil {
			b.Error(err)
		}
	})
	ctx := b.Context()
	person, _, err := h.accounts.Admit(ctx, account.Guest, "", account.Bearer)
	if err != nil {
		b.Fatal(err)
	}
	u, err := h.intake.Read(ctx, "resume.txt", []byte(contextResume))
	if err != nil {
		b.Fatal(err)
	}
	if err := h.intake.Keep(ctx, person.ID, u); err != nil {
		b.Fatal(err)
	}
	c, err := h.tutor.Start(ctx, person.ID, tutor.StartRequest{Role: "senior-backend-engineer", Phase: "system-design-depth", ResumeID: &u.ID})
	if err != nil {
		b.Fatal(err)
	}
	var said []tutor.Message
	for i := range 15 {
		said = append(said, tutor.Message{ID: ident.New(), Author: tutor.AuthorPerson, Content: fmt.Sprint("Lena Hofer (lena.hofer@example.com) asks for the ", i, ". time", strings.Repeat(" about order", 20)), Citations: []tutor.Citation{}},
			tutor.Message{ID: ident.New(), Author: tutor.AuthorTutor, Content: fmt.Sprint("Answer ", i, strings.Repeat(" about keys", 40)), Citations: []tutor.Citation{}})
	}
	if err := h.db.Append(ctx, person.ID, c.ID, tutor.Turn{Messages: said, At: time.Now()}); err != nil {
		b.Fatal(err)
	}
	questions := []string{"What should I do next?", "How good is my PostgreSQL?", "How do I learn Kafka and keep the order of messages?", "Wie lange dauert das?"}
	if _, err := h.tutor.Preview(ctx, person.ID, c.ID, questions[0]); err != nil { // what is read once
		b.Fatal(err)
	}
	var took []time.Duration
	cpu := userTime(b)
	for b.Loop() {
		began := time.Now()
		used, err := h.tutor.Preview(ctx, person.ID, c.ID, questions[len(took)%len(questions)])
		took = append(took, time.Since(began))
		if err != nil || len(used.Used) < 5 || used.Tokens > used.Budget || len(used.Masked) == 0 {
			b.Fatalf("%+v, %v", used, err)
		}
	}
	b.ReportMetric(float64((userTime(b)-cpu).Microseconds())/1000/float64(len(took)), "cpu-ms/op")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
