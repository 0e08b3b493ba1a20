package postgres_test

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/postgres"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

func clock() time.Time { return noon }

func TestUploadComesBackAsItWas(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	want := d.keep(t, person)
	got, err := d.Upload(t.Context(), person, want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("upload (-want +got):\n%s", diff)
	}
	profile, err := d.Profile(t.Context(), person, want.ID)
	if diff := cmp.Diff(&want.Profile, profile); err != nil || diff != "" {
		t.Errorf("profile: %v (-want +got):\n%s", err, diff)
	}
	later := d.keep(t, person)
	list, err := d.Resumes(t.Context(), person)
	if err != nil || len(list) != 2 || list[0].ID != later.ID || list[1].ID != want.ID || list[0].Skills != 3 {
		t.Errorf("list %+v, %v; want both, the latest first", list, err)
	}
	if err := d.DeleteUpload(t.Context(), person, want.ID); err != nil {
		t.Fatal(err)
	}
	for _, table := range d.tables(t, "resume_id") {
		if n := d.count(t, `select count(*) from `+table+` where resume_id = $1`, want.ID); n != 0 {
			t.Errorf("%s keeps %d rows of a resume that was deleted", table, n)
		}
	}
}

func TestFailedUploadSaysNothingOfTheText(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	broken := map[string]func(*skill.Upload) embeddings.Vector{
		"a vector of another length": func(*skill.Upload) embeddings.Vector { return embeddings.Vector{1, 0} },
		"a skill twice": func(u *skill.Upload) embeddings.Vector {
			u.Profile.Claims = append(u.Profile.Claims, u.Profile.Claims[0])
			return embeddings.Vector{1, 0, 0}
		},
		"a level that there is not": func(u *skill.Upload) embeddings.Vector {
			u.Profile.Claims[0].Level = 6
			return embeddings.Vector{1, 0, 0}
		},
	}
	for name, spoil := range broken {
		u := rust()
		vector := spoil(u)
		err := d.SaveUpload(t.Context(), person, u, "tiny", vector)
		if err == nil || strings.Contains(err.Error(), marker) {
			t.Errorf("%s: %v; want an error without a word of the resume", name, err)
		}
		for _, table := range append(d.tables(t, "resume_id"), "resumes") {
			if n := d.count(t, `select count(*) from `+table); n != 0 {
				t.Errorf("%s: %d rows are left in %s", name, n, table)
			}
		}
	}
}

// TestAddClaim puts a person's word behind what was read, once, with its vector, and it outlives another reading.
func TestAddClaim(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	id := "go"
	claim := skill.Claim{ID: &id, Name: "Go", Kind: "language", Level: 4, Why: "w", Status: skill.StatusConfirmed, Note: "n", Mentions: []skill.Mention{}}
	for range 2 { // the second adds nothing
		if err := d.AddClaim(t.Context(), person, u.ID, claim); err != nil {
			t.Fatal(err)
		}
		claim.Level = 4
	}
	got, err := d.Upload(t.Context(), person, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	if last := got.Profile.Claims[len(got.Profile.Claims)-1]; len(got.Profile.Claims) != len(u.Profile.Claims)+1 || !cmp.Equal(last, claim) {
		t.Errorf("claims: %+v", got.Profile.Claims)
	}
	if n := d.count(t, `select count(*) from resume_skill_vectors where resume_id = $1 and skill_id = 'go'`, u.ID); n != 1 {
		t.Errorf("%d vectors", n)
	}
	claim.Note = "a\x00b"
	rust := "gleam"
	claim.ID = &rust
	if err := d.AddClaim(t.Context(), person, u.ID, claim); !errors.Is(err, fault.Invalid) {
		t.Errorf("a NUL in the note: %v", err)
	}
}

func TestCorrect(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	level := func(n int) *int { return &n }
	read := u.Profile.Claims[0]
	with := func(change func(*skill.Claim)) skill.Claim { c := read; change(&c); return c }
	steps := []struct {
		name string
		c    skill.Correction
		want skill.Claim
		err  error
	}{
		{"confirmed as it is", skill.Correction{Skill: "rust", Status: skill.StatusConfirmed}, with(func(c *skill.Claim) { c.Status = skill.StatusConfirmed }), nil},
		{
			"another level",
			skill.Correction{Skill: "rust", Status: skill.StatusConfirmed, Level: level(2), Note: "less"},
			with(func(c *skill.Claim) { c.Status, c.Level, c.Note = skill.StatusConfirmed, 2, "less" }), nil,
		},
		{"rejected keeps the level", skill.Correction{Skill: "rust", Status: skill.StatusRejected}, with(func(c *skill.Claim) { c.Status, c.Level = skill.StatusRejected, 2 }), nil},
		{"a skill that is not there", skill.Correction{Skill: "go", Status: skill.StatusConfirmed}, skill.Claim{}, fault.NotFound},
		{"a NUL in the skill", skill.Correction{Skill: "ru\x00st", Status: skill.StatusConfirmed}, skill.Claim{}, fault.Invalid},
		{"a NUL in the note", skill.Correction{Skill: "rust", Status: skill.StatusConfirmed, Note: "a\x00b"}, skill.Claim{}, fault.Invalid},
		{"a note that is no text", skill.Correction{Skill: "rust", Status: skill.StatusConfirmed, Note: "\xff"}, skill.Claim{}, fault.Invalid},
	}
	for _, s := range steps {
		got, err := d.Correct(t.Context(), person, u.ID, s.c)
		if !errors.Is(err, s.err) || (err == nil) != (s.err == nil) {
			t.Errorf("%s: %v, want %v", s.name, err, s.err)
		}
		if diff := cmp.Diff(s.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.name, diff)
		}
	}
	if n := d.count(t, `select read_level from resume_claims where resume_id = $1 and skill_id = 'rust'`, u.ID); n != 4 {
		t.Errorf("the level that was read is %d, want 4 still", n)
	}
	near, err := nearRole(t, d.DB, "tiny", person, u.ID, "gopher")
	if diff := cmp.Diff(map[string][]gapanalysis.Near{"go": {{From: "cooking", Similarity: 0}}}, near.BySkill); err != nil || diff != "" {
		t.Errorf("near after a rejection: %v (-want +got):\n%s", err, diff)
	}
	if list, err := d.Resumes(t.Context(), person); err != nil || list[0].Skills != 2 {
		t.Errorf("%+v, %v; want two skills that are not rejected", list, err)
	}
}

func prepared(id, remote, location string) posting.Prepared {
	p := posting.Prepared{CatalogVersion: "c1", ExtractorVersion: "e1", Posting: posting.Posting{
		ID: ident.New(), Source: "test", ExternalID: id, Title: "Engineer", Company: "Acme", Location: location, Remote: remote, Seniority: "senior",
		PostedOn: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), URL: "https://example.org", Description: "We need Rust.",
		Requirements: []posting.Requirement{{Skill: "rust", Level: 3, Must: true, Start: 8, End: 12, Excerpt: "We need Rust"}},
	}}
	copy(p.Hash[:], id)
	return p
}

func savePosting(tb testing.TB, d *tiny, p posting.Prepared, v embeddings.Vector) {
	tb.Helper()
	if _, err := d.SavePostings(tb.Context(), "tiny", []posting.Prepared{p}, [][]float32{v}); err != nil {
		tb.Fatal(err)
	}
}

// saveError is the error alone.
func saveError(_ posting.Saved, err error) error { return err }

func TestKnownPostings(t *testing.T) {
	d := newTiny(t)
	p := prepared("one", "no", "Berlin")
	savePosting(t, d, p, embeddings.Vector{1, 0, 0})
	if err := d.SaveIndex(t.Context(), tinyIndex("second")); err != nil {
		t.Fatal(err)
	}
	change := func(f func(*posting.Prepared)) posting.Prepared { q := p; f(&q); return q }
	tests := []struct {
		name  string
		model string
		p     posting.Prepared
		want  bool
	}{
		{"as it is", "tiny", p, true},
		{"another id of ours", "tiny", change(func(p *posting.Prepared) { p.ID = ident.New() }), true},
		{"another content", "tiny", change(func(p *posting.Prepared) { p.Hash[0]++ }), false},
		{"another id of theirs", "tiny", change(func(p *posting.Prepared) { p.ExternalID = "two" }), false},
		{"another source", "tiny", change(func(p *posting.Prepared) { p.Source = "else" }), false},
		{"another catalogue", "tiny", change(func(p *posting.Prepared) { p.CatalogVersion = "c2" }), false},
		{"another extractor", "tiny", change(func(p *posting.Prepared) { p.ExtractorVersion = "e2" }), false},
		{"a model without its vector", "second", p, false},
		{"an unknown model", "third", p, false},
	}
	for _, tt := range tests {
		if got, err := d.Known(t.Context(), tt.model, []posting.Prepared{tt.p}); err != nil || !cmp.Equal(got, []bool{tt.want}) {
			t.Errorf("%s: %v, %v; want %t", tt.name, got, err, tt.want)
		}
	}
	two := prepared("two", "", "")
	if got, err := d.Known(t.Context(), "tiny", []posting.Prepared{two, p, two}); err != nil || !cmp.Equal(got, []bool{false, true, false}) {
		t.Errorf("of several: %v, %v; want them in order", got, err)
	}
}

func TestPostingIsReplaced(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	first := prepared("one", "no", "Berlin")
	savePosting(t, d, first, embeddings.Vector{1, 0, 0})
	second := prepared("one", "yes", "Köln")
	second.Title, second.PostedOn, second.Requirements = "Lead", time.Time{}, []posting.Requirement{}
	savePosting(t, d, second, embeddings.Vector{0.6, 0.8, 0})
	got, err := d.NearestPostings(t.Context(), "tiny", person, u.ID, gapanalysis.Filter{Limit: 10})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d postings, %v; want one", len(got), err)
	}
	want := second.Posting
	want.ID = first.ID // links to it stay good
	if diff := cmp.Diff(&want, got[0].Posting); diff != "" || got[0].Similarity < 0.999 {
		t.Errorf("posting, near by %v (-want +got):\n%s", got[0].Similarity, diff)
	}
	// A batch with something wrong in it stores nothing.
	third, broken := prepared("three", "no", ""), prepared("four", "sometimes", "")
	for name, err := range map[string]error{
		"a value that there is not":  saveError(d.SavePostings(t.Context(), "tiny", []posting.Prepared{third, broken}, [][]float32{{1, 0, 0}, {1, 0, 0}})),
		"a vector of another length": saveError(d.SavePostings(t.Context(), "tiny", []posting.Prepared{third, prepared("five", "", "")}, [][]float32{{1, 0, 0}, {1, 0}})),
	} {
		if err == nil {
			t.Errorf("%s was stored", name)
		}
	}
	if n, err := d.CountPostings(t.Context()); err != nil || n != 1 {
		t.Errorf("%d postings, %v; want one", n, err)
	}
}

func TestPostingFilters(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	for i, p := range []posting.Prepared{
		prepared("a", "no", "Berlin, Germany"), prepared("b", "yes", "Köln, Germany"), prepared("c", "hybrid", "100% remote_ish"), prepared("d", "yes", `C:\Paris`), prepared("e", "", ""),
	} {
		savePosting(t, d, p, embeddings.Normalise(embeddings.Vector{0.6, 0.8, float32(i)}))
	}
	tests := []struct {
		filter gapanalysis.Filter
		want   string
	}{
		{gapanalysis.Filter{}, "abcde"},
		{gapanalysis.Filter{Limit: 2}, "ab"},
		{gapanalysis.Filter{Remote: "yes"}, "bd"},
		{gapanalysis.Filter{Location: "germany"}, "ab"},
		{gapanalysis.Filter{Location: "köln", Remote: "yes"}, "b"},
		{gapanalysis.Filter{Location: "%"}, "c"},
		{gapanalysis.Filter{Location: "_"}, "c"},
		{gapanalysis.Filter{Location: `\`}, "d"},
		{gapanalysis.Filter{Location: "Rome"}, ""},
	}
	for _, tt := range tests {
		if tt.filter.Limit == 0 {
			tt.filter.Limit = 10
		}
		got, err := d.NearestPostings(t.Context(), "tiny", person, u.ID, tt.filter)
		var ids strings.Builder
		for _, c := range got {
			ids.WriteString(c.Posting.ExternalID)
		}
		if err != nil || ids.String() != tt.want {
			t.Errorf("%+v: %q, %v; want %q", tt.filter, ids.String(), err, tt.want)
		}
	}
	if got, err := d.NearestPostings(t.Context(), "unknown", person, u.ID, gapanalysis.Filter{Limit: 10}); err != nil || len(got) != 0 {
		t.Errorf("an unknown model: %v, %v", got, err)
	}
}

// TestNearestPostingsUsesTheModelsIndex looks at what PostgreSQL counted for the method itself: scans of the index of the model that was
// asked for, and of no other.
func TestNearestPostingsUsesTheModelsIndex(t *testing.T) {
	d := newTiny(t)
	if err := d.SaveIndex(t.Context(), tinyIndex("second")); err != nil {
		t.Fatal(err)
	}
	person := newPerson(t, d.DB)
	u := rust()
	if err := d.SaveUpload(t.Context(), person, u, "second", embeddings.Vector{1, 0, 0}); err != nil {
		t.Fatal(err)
	}
	for model, z := range map[string]float32{"tiny": 5, "second": 0} {
		var list []posting.Prepared
		var vectors [][]float32
		for i := range 300 {
			list = append(list, prepared(strconv.Itoa(i), []string{"yes", "no"}[i%2], "Berlin"))
			vectors = append(vectors, embeddings.Normalise(embeddings.Vector{1, float32(i) / 300, z}))
		}
		if _, err := d.SavePostings(t.Context(), model, list, vectors); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.raw.Exec(t.Context(), `analyze`); err != nil {
		t.Fatal(err)
	}
	// A planner that may neither scan so small a table nor sort it.
	db, err := postgres.Open(t.Context(), withSettings(d.url, "-c enable_seqscan=off -c enable_sort=off"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := db.NearestPostings(t.Context(), "second", person, u.ID, gapanalysis.Filter{Limit: 40, Remote: "yes", Location: "berlin"})
	db.Close() // a connection reports what it did when it ends
	if err != nil || len(got) != 40 {
		t.Fatalf("%d postings, %v", len(got), err)
	}
	for i, c := range got {
		// The index orders by vectors that it has normalised in half precision, so neighbours may change places by a thousandth. Those of
		// the other model are at most .3.
		if c.Posting.Remote != "yes" || i > 0 && c.Similarity > got[i-1].Similarity+0.002 || c.Similarity < 0.9 {
			t.Errorf("place %d: %s at %v", i+1, c.Posting.Remote, c.Similarity)
		}
	}
	// The server's process ends, and reports, some time after the client has closed.
	for range 200 {
		if d.count(t, `select coalesce(sum(idx_scan), 0) from pg_stat_user_indexes where indexrelname like 'posting_vectors_hnsw_%'`) > 0 {
			break
		}
		if _, err := d.raw.Exec(t.Context(), `select pg_sleep(0.05)`); err != nil {
			t.Fatal(err)
		}
	}
	for model, want := range map[string]bool{"tiny": false, "second": true} {
		n := d.count(t, `select idx_scan from pg_stat_user_indexes where indexrelname = 'posting_vectors_hnsw_' || (select id from embedding_models where name = $1)`, model)
		if (n > 0) != want {
			t.Errorf("the index of %s was scanned %d times", model, n)
		}
	}
}

func withSettings(url, settings string) string {
	separator := "?"
	if strings.Contains(url, "?") {
		separator = "&"
	}
	return url + separator + "options=" + strings.ReplaceAll(strings.ReplaceAll(settings, " ", "%20"), "=", "%3D")
}

func TestSaveIndex(t *testing.T) {
	d := newTiny(t)
	if hash, err := d.IndexedHash(t.Context(), "unknown"); hash != nil || err != nil {
		t.Errorf("hash of an unknown model: %x, %v", hash, err)
	}
	person := newPerson(t, d.DB)
	u := d.keep(t, person)
	before := d.count(t, `select count(*) from skill_vectors`)
	bad := tinyIndex("tiny")
	bad.Dimensions = 4
	if err := d.SaveIndex(t.Context(), bad); err == nil {
		t.Error("the model changed its length")
	}
	bad = tinyIndex("tiny")
	bad.Skills["go"] = embeddings.Vector{1, 0}
	if err := d.SaveIndex(t.Context(), bad); err == nil {
		t.Error("a vector of another length was stored")
	}
	if hash, err := d.IndexedHash(t.Context(), "tiny"); string(hash) != "hash of tiny" || err != nil || d.count(t, `select count(*) from skill_vectors`) != before {
		t.Errorf("after what failed the hash is %q, %v; want the old vectors still", hash, err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			ix := tinyIndex("new")
			ix.Skills = map[string]embeddings.Vector{"rust": {1, 0, 0}, "cooking": {0, 1, 0}, "baking": {0.6, 0.8, 0}}
			ix.RoleSkills = map[string][]string{"gopher": {"baking"}}
			if err := d.SaveIndex(t.Context(), ix); err != nil {
				t.Errorf("at once: %v", err)
			}
		})
	}
	wg.Wait()
	// The resume was uploaded before there was the model, and has its skills' vectors all the same.
	near, err := nearRole(t, d.DB, "new", person, u.ID, "gopher")
	want := gapanalysis.Nearness{Model: "new", Threshold: 0.5, BySkill: map[string][]gapanalysis.Near{"baking": {{From: "cooking", Similarity: 0.8}, {From: "rust", Similarity: 0.6}}}}
	if diff := cmp.Diff(want, near); err != nil || diff != "" {
		t.Errorf("near: %v (-want +got):\n%s", err, diff)
	}
	near, err = d.NearestToSkills(t.Context(), "tiny", person, u.ID, []string{"go", "nothing"})
	want = gapanalysis.Nearness{Model: "tiny", Threshold: 0.5, BySkill: map[string][]gapanalysis.Near{"go": {{From: "rust", Similarity: 0.8}}}}
	if diff := cmp.Diff(want, near); err != nil || diff != "" {
		t.Errorf("near under the first model: %v (-want +got):\n%s", err, diff)
	}
}

func TestConversations(t *testing.T) {
	d := newTiny(t)
	l := d.live(t)
	ctx := t.Context()
	if got, err := d.Conversation(ctx, l.person, l.conversation.ID); err != nil || !cmp.Equal(got, l.conversation) {
		t.Errorf("%+v, %v; want %+v", got, err, l.conversation)
	}
	said := func(content string, author tutor.Author) tutor.Message {
		start, end := 7, 11
		return tutor.Message{ID: ident.New(), Author: author, Content: content, Engine: "m", CreatedAt: noon, Citations: []tutor.Citation{
			{Index: 1, Kind: tutor.FromResume, ID: "resume", Title: "T", Text: "Rust", Start: &start, End: &end},
		}, Details: tutor.Details{Used: []tutor.Used{}, Masked: []tutor.Hidden{{Placeholder: "P", Kind: "name"}}, Notices: []tutor.Notice{}, Stopped: true}}
	}
	turn := []tutor.Message{said("Why?", tutor.AuthorPerson), said("Because [1].", tutor.AuthorTutor)}
	if err := d.Append(ctx, l.person, l.conversation.ID, tutor.Turn{Messages: turn, At: noon}); err != nil {
		t.Fatal(err)
	}
	if got, err := d.History(ctx, l.person, l.conversation.ID, 2); err != nil || !cmp.Equal(got, turn) {
		t.Errorf("the last two: %v (-want +got):\n%s", err, cmp.Diff(turn, got))
	}
	if err := d.Append(ctx, l.person, l.conversation.ID, tutor.Turn{Messages: []tutor.Message{said("One more", tutor.AuthorPerson), said("x", "nobody")}, At: noon}); err == nil {
		t.Error("a message of nobody was kept")
	}
	if got, err := d.History(ctx, l.person, l.conversation.ID, 10); err != nil || len(got) != 3 || got[0].Content != marker {
		t.Errorf("%d messages, %v; want three, the oldest first, and nothing of a turn that failed", len(got), err)
	}
}

func TestNoMoreConversationsThanAllowed(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	if _, err := d.raw.Exec(t.Context(), `insert into conversations (id, person_id, role_id, phase_id, mode, created_at)
		select gen_random_uuid(), $1, 'gopher', '', 'coach', now() from generate_series(1, 495)`, person); err != nil {
		t.Fatal(err)
	}
	start := func(person uuid.UUID) error {
		return d.Start(t.Context(), person, tutor.Conversation{ID: ident.New(), Role: "gopher", Mode: tutor.Coach, CreatedAt: noon})
	}
	var wg sync.WaitGroup
	errs := make([]error, 15)
	for i := range errs {
		wg.Go(func() { errs[i] = start(person) })
	}
	wg.Wait()
	kept := 0
	for _, err := range errs {
		if err == nil {
			kept++
		} else if !errors.Is(err, fault.Conflict) {
			t.Errorf("a refusal is %v", err)
		}
	}
	if kept != 5 {
		t.Errorf("%d more conversations were kept, want 5", kept)
	}
	if err := start(newPerson(t, d.DB)); err != nil {
		t.Errorf("somebody else: %v", err)
	}
}

func TestProgress(t *testing.T) {
	d := newTiny(t)
	person := newPerson(t, d.DB)
	m := tutor.MilestoneProgress{Role: "gopher", Milestone: "b", Status: tutor.MilestoneStarted, EvidenceURL: "https://example.org", Note: "half", UpdatedAt: noon}
	done := m
	done.Status, done.Note, done.UpdatedAt = tutor.MilestoneDone, "", noon.Add(time.Hour)
	first := tutor.MilestoneProgress{Role: "gopher", Milestone: "a", Status: tutor.MilestoneOpen, UpdatedAt: noon}
	elsewhere := tutor.MilestoneProgress{Role: "baker", Milestone: "b", Status: tutor.MilestoneOpen, UpdatedAt: noon}
	for _, p := range []tutor.MilestoneProgress{m, first, done, elsewhere} {
		if err := d.SaveProgress(t.Context(), person, p); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.ProgressOn(t.Context(), person, "gopher")
	if diff := cmp.Diff([]tutor.MilestoneProgress{first, done}, got); err != nil || diff != "" {
		t.Errorf("progress: %v (-want +got):\n%s", err, diff)
	}
	for _, note := range []string{"a\x00b", "\xff"} {
		bad := m
		bad.Note = note
		if err := d.SaveProgress(t.Context(), person, bad); !errors.Is(err, fault.Invalid) {
			t.Errorf("note %q: %v, want Invalid", note, err)
		}
	}
}
