package posting_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
)

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// imported is what an import of a fixture stores, without what other tests look at.
func imported(tb testing.TB, p posting.Place, raw []byte) ([]posting.Posting, posting.Summary, *board, error) {
	tb.Helper()
	c, finder := load(tb)
	b := &board{}
	s, err := posting.NewImporter(finder, inForce(embedder{}), b, c.Version()).From(tb.Context(), p.Read(bytes.NewReader(raw), ""), nil)
	out := make([]posting.Posting, len(b.saved))
	for i := range b.saved {
		out[i] = b.saved[i].Posting
	}
	return out, s, b, err
}

func fixture(tb testing.TB, name string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestFormats(t *testing.T) {
	tests := []struct {
		file  string
		place posting.Place
		whole string
		want  []posting.Posting
	}{
		{"greenhouse.json", posting.Place{Board: "acme"}, "greenhouse:acme", []posting.Posting{
			{
				Source: "greenhouse:acme", ExternalID: "4001", Title: "Senior Backend Engineer", Company: "Acme Parcels", Location: "Berlin, Germany", Seniority: "senior",
				PostedOn: day(2026, 11, 3), URL: "https://boards.greenhouse.io/acme/jobs/4001", Description: "You move parcels with Go & Kafka.\nNice to have\n- Terraform",
				Language: "en", Pay: posting.Pay{Currency: "EUR", Min: 7_000_000, Max: 9_000_000, Period: "year"},
			},
			{
				Source: "greenhouse:acme", ExternalID: "4002", Title: "Data Analyst", Company: "Acme", Location: "Remote - Europe", Remote: "yes", PostedOn: day(2026, 11, 21),
				URL: "https://boards.greenhouse.io/acme/jobs/4002", Description: "You answer questions with SQL and dbt, and show what you found.", Language: "en",
			},
		}},
		{"lever.json", posting.Place{Board: "umbra"}, "lever:umbra", []posting.Posting{
			{
				Source: "lever:umbra", ExternalID: "0b8b2f5e-6a07-4d15-9d3b-1d5f0e9f1a01", Title: "Site Reliability Engineer", Company: "Umbra", Location: "Lisbon", Remote: "hybrid",
				PostedOn: day(2026, 11, 2), URL: "https://jobs.lever.co/umbra/0b8b2f5e",
				Language: "en", Description: "We keep Kubernetes running.\nRequirements\n- Strong Linux\n- Python\nNice to have\n- Rust\nWe answer within a week.",
				Pay: posting.Pay{Currency: "EUR", Min: 5_500_000, Max: 7_000_000, Period: "year"},
			},
			{
				Source: "lever:umbra", ExternalID: "0b8b2f5e-6a07-4d15-9d3b-1d5f0e9f1a02", Title: "Support Engineer", Company: "Umbra", Location: "Remote", Remote: "yes",
				PostedOn: day(2026, 11, 2), URL: "https://jobs.lever.co/umbra/0b8b2f5e-2", Description: "You help customers\nwho use SQL & Python <daily>.",
			},
		}},
		{"ashby.json", posting.Place{Board: "vale"}, "ashby:vale", []posting.Posting{
			{
				Source: "ashby:vale", ExternalID: "9c1d0b64-0000-4000-8000-000000000001", Title: "Machine Learning Engineer", Company: "Vale", Location: "New York", Remote: "yes",
				PostedOn: day(2026, 10, 30), URL: "https://jobs.ashbyhq.com/vale/9c1d", Description: "You train models in PyTorch.",
				Pay: posting.Pay{Currency: "USD", Min: 18_000_000, Max: 22_000_000, Period: "year"},
			},
			{
				Source: "ashby:vale", ExternalID: "9c1d0b64-0000-4000-8000-000000000003", Title: "Product Designer", Company: "Vale", Location: "London", Remote: "no",
				PostedOn: day(2026, 10, 29), URL: "https://jobs.ashbyhq.com/vale/9c1f", Description: "You draw screens in Figma with us.",
				Pay: posting.Pay{Currency: "GBP", Min: 6_000_000, Max: 7_500_000, Period: "year"},
			},
		}},
		{"hackernews-firebase.jsonl", posting.Place{}, "", []posting.Posting{
			{
				Source: "hackernews", ExternalID: "45000001", Title: "Senior Rust Engineer", Company: "Rowan Labs", Location: "Toronto, Canada", Remote: "hybrid", Seniority: "senior",
				PostedOn: day(2026, 11, 2), URL: "https://news.ycombinator.com/item?id=45000001",
				Description: "Rowan Labs | Senior Rust Engineer | Toronto, Canada | Hybrid\nWe write databases in Rust.",
			},
		}},
		{"rss.xml", posting.Place{Name: "https://jobs.tern.example/feed"}, "", []posting.Posting{
			{
				Source: "https://jobs.tern.example/feed", ExternalID: "tern-1", Title: "Go Developer", Company: "Umber Media", PostedOn: day(2026, 11, 3),
				URL: "https://jobs.tern.example/1", Description: "You write Go and SQL every day.",
			},
			{
				Source: "https://jobs.tern.example/feed", ExternalID: "tern-2", Title: "Data Engineer", Company: "Quartz Foods",
				URL: "https://jobs.tern.example/2", Description: "You build pipelines in Spark & Airflow.",
			},
		}},
		{"atom.xml", posting.Place{Name: "https://larch.example/feed"}, "https://larch.example/feed", []posting.Posting{
			{
				Source: "https://larch.example/feed", ExternalID: "urn:larch:1", Title: "Network Engineer & Tutor", Company: "Larch Networks", PostedOn: day(2026, 11, 3),
				URL: "https://larch.example/1", Description: "You run networks with BGP and Linux.", Language: "en",
			},
		}},
		{"page.html", posting.Place{Name: "https://kestrel.example/jobs/9"}, "https://kestrel.example/jobs/9", []posting.Posting{
			{
				Source: "https://kestrel.example/jobs/9", ExternalID: "K-9", Title: "Data Platform Engineer", Company: "Kestrel Data", Location: "Vienna, Austria", Remote: "yes",
				PostedOn: day(2026, 11, 5), ValidThrough: day(2026, 12, 31), URL: "https://kestrel.example/jobs/9", Description: "You build with Spark and Scala.", Language: "en",
				Pay: posting.Pay{Currency: "EUR", Min: 450_000, Max: 550_000, Period: "month"},
			},
		}},
		{"postings.csv", posting.Place{Name: "postings.csv"}, "", []posting.Posting{
			{
				Source: "postings.csv", ExternalID: "1", Title: "Engineer, Senior", Company: "Acme", Location: "Berlin", Remote: "hybrid", Seniority: "senior", PostedOn: day(2026, 11, 1),
				Description: "You know Go, Kafka\nand \"PostgreSQL\" well.", Pay: posting.Pay{Currency: "EUR", Min: 7_000_000, Max: 8_000_000, Period: "year"},
			},
			{
				Source: "postings.csv", ExternalID: "2", Title: "Analyst", Company: "Umbra", Location: "Porto", Remote: "yes", PostedOn: day(2026, 11, 2),
				Description: "You answer questions with SQL.",
			},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			got, s, b, err := imported(t, tt.place, fixture(t, tt.file))
			if err != nil || len(s.Refused) > 0 || s.Stored != len(tt.want) {
				t.Errorf("%+v, %v", s, err)
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(posting.Posting{}, "ID", "Requirements"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if b.endings[0].Whole != tt.whole || tt.whole != "" && len(b.endings[0].Seen) != s.Read {
				t.Errorf("ended with %+v, want the whole of %q", b.endings[0], tt.whole)
			}
		})
	}
}

func TestHackerNewsThread(t *testing.T) {
	got, s, _, err := imported(t, posting.Place{}, fixture(t, "hackernews-algolia.json"))
	if err != nil || s.Stored != 2 || len(s.Refused) != 1 || s.Refused[0].Line != 4 {
		t.Fatalf("%+v, %v; want two stored and the question refused", s, err)
	}
	type header struct{ Company, Title, Location, Remote string }
	var headers []header
	for _, p := range got {
		headers = append(headers, header{p.Company, p.Title, p.Location, p.Remote})
	}
	want := []header{{"Rowan Labs", "Senior Rust Engineer", "Toronto, Canada", "yes"}, {"Slate Energy", "Backend Engineers, Data Scientist", "London", "no"}}
	if diff := cmp.Diff(want, headers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := (posting.Pay{Currency: "USD", Min: 15_000_000, Max: 18_000_000, Period: "year"}); got[0].Pay != want {
		t.Errorf("pay %+v, want %+v", got[0].Pay, want)
	}
}

// TestBroken: what is broken costs itself alone, and a list that is not whole lets nothing vanish.
func TestBroken(t *testing.T) {
	tests := []struct {
		file    string
		place   posting.Place
		stored  []string
		refused []int
		code    string
	}{
		{"greenhouse-broken.json", posting.Place{Board: "acme"}, []string{"4001", "4005"}, []int{2, 3}, "list-broken"},
		{"lever-broken.json", posting.Place{Board: "umbra"}, []string{"4"}, []int{1, 2, 3, 4}, ""},
		{"ashby-broken.json", posting.Place{Board: "vale"}, nil, nil, "list-broken"},
		{"rss-broken.xml", posting.Place{Name: "https://tern.example"}, []string{"tern-1", "tern-3"}, []int{4, 6}, ""},
		{"postings-broken.csv", posting.Place{Name: "x.csv"}, []string{"1", "3", "6"}, []int{3, 5, 6}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			got, s, b, err := imported(t, tt.place, fixture(t, tt.file))
			if tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
				t.Errorf("%v, want code %q", err, tt.code)
			}
			var ids []string
			for _, p := range got {
				ids = append(ids, p.ExternalID)
			}
			var lines []int
			for _, r := range s.Refused {
				lines = append(lines, r.Line)
			}
			if diff := cmp.Diff(tt.stored, ids) + cmp.Diff(tt.refused, lines); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", s.Refused, diff)
			}
			if tt.file != "lever-broken.json" && b.endings[0].Whole != "" || tt.file == "lever-broken.json" && b.endings[0].Whole != "" {
				t.Errorf("ended with %+v: nothing may vanish by a list with holes", b.endings[0])
			}
		})
	}
}

func TestParsePlace(t *testing.T) {
	tests := []struct {
		s    string
		want posting.Place
		ok   bool
		code string
	}{
		{"greenhouse:acme", posting.Place{Name: "greenhouse:acme", Format: "greenhouse", Board: "acme", Address: "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true"}, true, ""},
		{"lever:um-bra", posting.Place{Name: "lever:um-bra", Format: "lever", Board: "um-bra", Address: "https://api.lever.co/v0/postings/um-bra?mode=json"}, true, ""},
		{"ashby:Vale", posting.Place{Name: "ashby:Vale", Format: "ashby", Board: "Vale", Address: "https://api.ashbyhq.com/posting-api/job-board/Vale?includeCompensation=true"}, true, ""},
		{"hn:45", posting.Place{Name: "hackernews:45", Format: "hackernews", Board: "45", Address: "https://hn.algolia.com/api/v1/items/45"}, true, ""},
		{"https://boards-api.greenhouse.io/v1/boards/acme/jobs", posting.Place{Name: "https://boards-api.greenhouse.io/v1/boards/acme/jobs", Format: "greenhouse", Board: "acme", Address: "https://boards-api.greenhouse.io/v1/boards/acme/jobs"}, true, ""},
		{"https://jobs.example/feed", posting.Place{Name: "https://jobs.example/feed", Board: "jobs.example", Address: "https://jobs.example/feed"}, true, ""},
		{"lever:http://127.0.0.1:8080/v0/postings/umbra?mode=json", posting.Place{Name: "lever:http://127.0.0.1:8080/v0/postings/umbra?mode=json", Format: "lever", Board: "umbra", Address: "http://127.0.0.1:8080/v0/postings/umbra?mode=json"}, true, ""},
		{"postings.jsonl", posting.Place{}, false, ""},
		{"-", posting.Place{}, false, ""},
		{"greenhouse:../etc", posting.Place{}, true, "invalid-source"},
		{"https://user:secret@jobs.example", posting.Place{}, true, "invalid-url"},
	}
	for _, tt := range tests {
		t.Run(tt.s, func(t *testing.T) {
			got, ok, err := posting.ParsePlace(tt.s)
			if ok != tt.ok || tt.code != "" && fault.CodeOf(err) != tt.code || tt.code == "" && err != nil {
				t.Errorf("ok %v, %v", ok, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzFormats holds every format to its books, whatever comes in.
func FuzzFormats(f *testing.F) {
	c, finder := load(f)
	formats := []string{"jsonl", "csv", "feed", "page", "greenhouse", "lever", "ashby", "hackernews", ""}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for i, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, raw)
		f.Add(len(formats)-1, raw)
	}
	f.Fuzz(func(t *testing.T, format int, raw []byte) {
		b := &board{}
		p := posting.Place{Name: "https://example.org/x", Board: "x", Format: formats[uint(format)%uint(len(formats))]}
		s, err := posting.NewImporter(finder, inForce(embedder{}), b, c.Version()).From(t.Context(), p.Read(bytes.NewReader(raw), ""), nil)
		if err != nil && (errors.Is(err, fault.Internal) || fault.KindOf(err) == fault.Internal) {
			t.Errorf("%v is no fault", err)
		}
		if s.Stored != len(b.saved) || s.RefusedCount() < len(s.Refused) {
			t.Errorf("%+v with %d saved", s, len(b.saved))
		}
		for _, p := range b.saved {
			for _, v := range []string{p.Source, p.ExternalID, p.Title, p.Company, p.Location, p.URL, p.Description} {
				if strings.ContainsRune(v, 0) || strings.ToValidUTF8(v, "") != v {
					t.Errorf("stored %q, which PostgreSQL would refuse", v)
				}
			}
			if least, most := p.Pay.Yearly(); least < 0 || most < least {
				t.Errorf("pay %+v", p.Pay)
			}
			checkSpans(t, p.Description, p.Requirements)
		}
	})
}

// TestFeedIsOfTheLatest: what a feed lacks has vanished if it is younger than the feed's oldest item, and where one has no day nobody can tell.
func TestFeedIsOfTheLatest(t *testing.T) {
	item := func(id, date string) string {
		return "<item><title>Engineer at Acme</title><guid>" + id + "</guid><pubDate>" + date + "</pubDate><description>You write Go and SQL every day.</description></item>"
	}
	newer, older := item("a", "Wed, 04 Nov 2026 08:00:00 GMT"), item("b", "Mon, 02 Nov 2026 08:00:00 GMT")
	const name = "https://jobs.example/feed"
	for _, tt := range []struct {
		name, items string
		want        posting.Ending
	}{
		{"two", newer + older, posting.Ending{Whole: name, Seen: []string{"a", "b"}, After: day(2026, 11, 2)}},
		{"one without a day", newer + item("c", "soon"), posting.Ending{Seen: []string{"a", "c"}}},
		{"none", "", posting.Ending{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, b, err := imported(t, posting.Place{Name: name}, []byte("<rss version=\"2.0\"><channel><title>Jobs</title>"+tt.items+"</channel></rss>"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, b.endings[0], cmpopts.IgnoreFields(posting.Ending{}, "Today")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
