package evals_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/evals"
	"github.com/gapwise/gapwise/gateway"
)

// wantMessage holds messages against a part of the first; "" is for none.
func wantMessage(t *testing.T, got []string, want string) {
	t.Helper()
	switch {
	case want == "" && len(got) > 0:
		t.Errorf("got %q, want nothing wrong", got)
	case want != "" && (len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), want)):
		t.Errorf("got %q, want %q in it", got, want)
	}
}

func TestGradeStream(t *testing.T) {
	const (
		cite  = "event: citation\ndata: {\"index\": 1}\n\n"
		begin = "event: delta\ndata: {\"text\": \"Learn Ka\"}\n\n"
		end   = "event: delta\ndata: {\"text\": \"fka [1].\"}\n\n"
		usage = "event: usage\ndata: {\"cost\": \"0.01\"}\n\n"
		done  = "event: done\ndata: {\"engine\": \"stub-1\"}\n\n"
		wrong = "event: error\ndata: {\"code\": \"model-cut-off\"}\n\n"
	)
	tests := []struct{ name, stream, want string }{
		{"whole", begin + cite + end + usage + done, ""},
		{"cut off", begin + wrong, ""},
		{"empty", "", "came none"},
		{"citation after its text", begin + end + cite + usage + done, "expected citation 1 before"},
		{"citation that is not used", begin + cite + usage + done, "to use citation 1"},
		{"no usage", begin + cite + end + done, "expected done as the last event, after usage"},
		{"no end", begin, "it ends with delta"},
		{"more after an error", begin + wrong + done, "expected nothing after an error"},
		{"empty delta", "event: delta\ndata: {\"text\": \"\"}\n\n" + usage + done, "to have a text"},
		{"what was used comes first", "event: context\ndata: {}\n\n" + begin + usage + done, ""},
		{"what was used comes late", begin + "event: context\ndata: {}\n\n" + usage + done, "expected context before anything that is said"},
		{"a notice", begin + "event: notice\ndata: {}\n\n" + usage + done, ""},
		{"unknown event", "event: ping\ndata: {}\n\n" + usage + done, `no event "ping"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			events, err := evals.ReadEvents(strings.NewReader(test.stream), nil)
			if err != nil {
				t.Fatal(err)
			}
			wantMessage(t, evals.GradeStream(events), test.want)
		})
	}
	events, err := evals.ReadEvents(strings.NewReader(begin+cite+end+usage+done), nil)
	if err != nil {
		t.Fatal(err)
	}
	doc := evals.Gather(events)
	if doc["text"] != "Learn Kafka [1]." || doc["order"] != "delta citation delta usage done" {
		t.Errorf("Gather() = %v", doc)
	}
}

func TestReadEventsRefuses(t *testing.T) {
	for _, stream := range []string{"event: delta\ndata: {\n\n", "event: delta\ndata: {}\n", "data: 1 2\n\n"} {
		if _, err := evals.ReadEvents(strings.NewReader(stream), nil); err == nil {
			t.Errorf("ReadEvents(%q) took it", stream)
		}
	}
}

func TestGradeSpans(t *testing.T) {
	text := []rune("Größe 🚀 Go, PostgreSQL")
	tests := []struct {
		name, doc string
		looked    int
		want      string
	}{
		{"right, behind an emoji", `{"skills": [{"mentions": [{"start": 8, "end": 10, "text": "Go"}]}]}`, 1, ""},
		{"by bytes", `{"mentions": [{"start": 13, "end": 15, "text": "Go"}]}`, 1, `to be "Go"; the resume has`},
		{"beyond the end", `{"mentions": [{"start": 8, "end": 99, "text": "Go"}]}`, 1, "within the resume's 22 code points"},
		{"empty", `{"mentions": [{"start": 8, "end": 8, "text": ""}]}`, 1, "within"},
		{"no spans", `{"text": "Go", "citations": [{"kind": "catalogue", "text": "x"}]}`, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			looked, bad := evals.GradeSpans(decode(t, test.doc), text)
			if looked != test.looked {
				t.Errorf("looked at %d, want %d", looked, test.looked)
			}
			wantMessage(t, bad, test.want)
		})
	}
	wantMessage(t, evals.GradeRanges("lines", decode(t, `[{"start": 0, "end": 5}, {"start": 6, "end": 22}]`), text), "")
	wantMessage(t, evals.GradeRanges("lines", decode(t, `[{"start": 6, "end": 22}, {"start": 0, "end": 5}]`), text), "in order")
	wantMessage(t, evals.GradeRanges("positions", decode(t, `[{"span": [0, 23]}]`), text), "in order")
}

func TestGradeLedger(t *testing.T) {
	const cent = gateway.Dollar / 100
	tests := []struct {
		name                           string
		mode                           evals.Ledger
		spent, billed, limit, reserved gateway.Nano
		want                           string
	}{
		{"exact", "", cent, cent, 10 * cent, 0, ""},
		{"a nano-dollar too little", "", cent - 1, cent, 10 * cent, 0, "expected exactly the $0.01"},
		{"a nano-dollar too much", "", cent + 1, cent, 10 * cent, 0, "the service booked $0.010000001"},
		{"upper bound booked", evals.LedgerAtLeast, 2 * cent, cent, 10 * cent, 0, ""},
		{"nothing booked", evals.LedgerAtLeast, 0, cent, 10 * cent, 0, "at least the $0.01"},
		{"still reserved", "", cent, cent, 10 * cent, cent, "nothing reserved"},
		{"over the cap", "", 2 * cent, 2 * cent, cent, 0, "stay within its $0.01"},
		{"over the cap by a lie", evals.LedgerOver, 2 * cent, 2 * cent, cent, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantMessage(t, evals.GradeLedger(test.mode, test.spent, test.billed, test.limit, test.reserved), test.want)
		})
	}
}
