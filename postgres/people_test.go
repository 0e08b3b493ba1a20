package postgres_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/ledgertest"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
	"github.com/gapwise/gapwise/internal/pgtest"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// life is a person with something of theirs in every table.
type life struct {
	run          uuid.UUID
	person       uuid.UUID
	upload       *skill.Upload
	conversation tutor.Conversation
	item         uuid.UUID
}

var someCaps = gateway.Caps{PersonDay: gateway.Dollar, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}

func (d *tiny) live(tb testing.TB) life {
	tb.Helper()
	ctx := tb.Context()
	p, _, err := account.New(d, d, clock).Admit(ctx, account.Guest, marker, account.Bearer)
	if err != nil {
		tb.Fatal(err)
	}
	l := life{person: p.ID, upload: d.keep(tb, p.ID)}
	l.run, err = d.KeepRun(ctx, p.ID, keptRun(l.upload.ID))
	if err != nil {
		tb.Fatal(err)
	}
	l.conversation = tutor.Conversation{ID: ident.New(), Person: p.ID, Role: "gopher", Mode: tutor.Coach, ResumeID: &l.upload.ID, CreatedAt: noon, UpdatedAt: noon}
	item := someItem()
	l.item = item.ID
	r := reservation(p.ID, 5, someCaps)
	r.Purpose = marker
	if err := errors.Join(
		d.Start(ctx, p.ID, l.conversation),
		d.Append(ctx, p.ID, l.conversation.ID, tutor.Turn{Messages: []tutor.Message{{ID: ident.New(), Author: tutor.AuthorPerson, Content: marker, Citations: []tutor.Citation{}, CreatedAt: noon}}, At: noon}),
		d.SaveProgress(ctx, p.ID, tutor.MilestoneProgress{Role: "gopher", Milestone: "first", Status: tutor.MilestoneDone, Note: marker, UpdatedAt: noon}),
		d.SeeShape(ctx, p.ID, someShape(), false),
		d.SaveOrder(ctx, p.ID, "gopher", []string{"go", marker}),
		d.SaveItem(ctx, p.ID, item, tutor.MaxItems),
		d.SaveFeed(ctx, p.ID, tokenOf(l.upload.ID), someFeed(p.ID, l.upload.ID)),
		d.Reserve(ctx, r),
		d.Settle(ctx, r.CallID, gateway.Settlement{Cost: 3, At: noon}),
		d.SetAccount(ctx, p.ID, gateway.Account{DayCap: 7}),
		drawn(tb, d.DB, p.ID),
		d.KeepAnswer(ctx, keyOf(ident.New()), p.ID, []byte{1}, noon),
		d.KeepTranscript(ctx, someTranscript(p.ID)),
		d.keepJobs(tb, l),
	); err != nil {
		tb.Fatal(err)
	}
	return l
}

func TestLocalPersonIsOne(t *testing.T) {
	db := pgtest.Open(t)
	ids := make([]uuid.UUID, 12)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			p, err := account.New(db, db, clock).Local(t.Context())
			if err != nil || p.Kind != account.Local {
				t.Errorf("%+v, %v", p, err)
			}
			ids[i] = p.ID
		})
	}
	wg.Wait()
	if ids = slices.Compact(ids); len(ids) != 1 {
		t.Errorf("%d local people, want one", len(ids))
	}
}

func TestAddIsAllOrNothing(t *testing.T) {
	d := newTiny(t)
	l := d.live(t)
	var hash [32]byte
	if err := d.raw.QueryRow(t.Context(), `select hash from tokens where person_id = $1`, l.person).Scan((*sliceOf)(&hash)); err != nil {
		t.Fatal(err)
	}
	p := account.Person{ID: ident.New(), Kind: account.Guest, CreatedAt: noon}
	if err := d.Add(t.Context(), p, account.Token{Hash: hash, Person: p.ID, Kind: account.Bearer, CreatedAt: noon, ExpiresAt: noon}); err == nil {
		t.Error("a token was given twice")
	}
	if n := d.count(t, `select count(*) from people where id = $1`, p.ID); n != 0 {
		t.Error("a person without a token is left")
	}
}

// sliceOf scans bytes into an array.
type sliceOf [32]byte

func (s *sliceOf) ScanBytes(b []byte) error { copy(s[:], b); return nil }

func TestExportHasEverything(t *testing.T) {
	d := newTiny(t)
	l := d.live(t)
	other := d.live(t)
	raw, err := d.Export(t.Context(), l.person)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	// Where the rows of each table about a person stand in the export; "" for what is computed from the rest.
	places := map[string]string{
		"people": "person", "tokens": "tokens", "resumes": "resumes", "resume_claims": "resumes.skills", "conversations": "conversations",
		"messages": "conversations.messages", "milestone_progress": "progress", "mastery_items": "mastery", "progress_shapes": "role_shapes", "plan_orders": "plan_orders", "calendar_feeds": "calendars", "gateway_calls": "model_calls", "gateway_budgets": "budgets",
		"gateway_accounts": "account", "gateway_leases": "", "gateway_minutes": "minute", "gateway_kept": "kept_answers", "gateway_transcripts": "transcripts",
		"saved_matches": "saved_matches", "hidden_companies": "hidden_companies", "match_feeds": "match_feeds",
		"gap_runs": "gap_runs", "resume_vectors": "", "resume_skill_vectors": "",
	}
	tables := append(d.tables(t, "person_id"), append(d.tables(t, "subject"), "people")...)
	for _, table := range tables {
		path, known := places[table]
		if !known {
			t.Errorf("the table %s is about a person and has no place in the export", table)
		}
		if path == "" {
			continue
		}
		var at any = doc
		for key := range strings.SplitSeq(path, ".") {
			if list, ok := at.([]any); ok {
				if len(list) != 1 {
					t.Fatalf("%s: %d entries on the way to %s, want one", table, len(list), path)
				}
				at = list[0]
			}
			entry, ok := at.(map[string]any)
			if !ok {
				t.Fatalf("%s: nothing at %s", table, path)
			}
			at = entry[key]
		}
		if b, err := json.Marshal(at); err != nil || at == nil || string(b) == "[]" {
			t.Errorf("%s: nothing at %s: %s", table, path, b)
		}
	}
	for _, stranger := range []string{other.person.String(), other.upload.ID.String(), other.conversation.ID.String()} {
		if strings.Contains(string(raw), stranger) {
			t.Errorf("the export holds %s of somebody else", stranger)
		}
	}
	kept, ok := doc["resumes"].([]any)[0].(map[string]any)
	if !ok {
		t.Fatal("no resume")
	}
	if file, err := base64.StdEncoding.DecodeString(kept["file_base64"].(string)); err != nil || string(file) != string(l.upload.File) {
		t.Errorf("the file is %q, %v; want it as it was sent", file, err)
	}
	if n := strings.Count(string(raw), marker); n < 10 {
		t.Errorf("what the person wrote stands in the export %d times, want at least 10", n)
	}
	if strings.Contains(string(raw), `"hash"`) {
		t.Error("the export holds the hash of a token")
	}
}

// TestEraseLeavesNoWord looks for a person's id and words in every column of every table.
func TestEraseLeavesNoWord(t *testing.T) {
	d := newTiny(t)
	l := d.live(t)
	const holds = ` t where to_jsonb(t)::text ilike '%' || $1 || '%' or to_jsonb(t)::text like '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'`
	for _, table := range d.tables(t, "person_id") {
		if d.count(t, `select count(*) from `+table+` where person_id = $1`, l.person) == 0 {
			t.Errorf("the test puts nothing of the person into %s", table)
		}
	}
	if err := d.Erase(t.Context(), l.person); err != nil {
		t.Fatal(err)
	}
	for _, table := range d.tables(t, "") {
		words := []string{l.person.String(), l.upload.ID.String(), l.conversation.ID.String()}
		if table != "gateway_calls" { // its purpose is the service's own word, which the test has put its marker into
			words = append(words, marker)
		}
		for _, word := range words {
			if n := d.count(t, `select count(*) from `+table+holds, word); n != 0 {
				t.Errorf("%s still holds %q in %d rows", table, word, n)
			}
		}
	}
	if n := d.count(t, `select count(*) from gateway_calls where subject = '' and person_id is null`); n != 1 {
		t.Errorf("%d calls without a name, want the one that was made", n)
	}
	for name, err := range map[string]error{
		"SaveUpload": d.SaveUpload(t.Context(), l.person, rust(), "tiny", embeddings.Vector{1, 0, 0}),
		"Start":      d.Start(t.Context(), l.person, tutor.Conversation{ID: ident.New(), Role: "gopher", Mode: tutor.Coach, CreatedAt: noon}),
	} {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s for a person who is gone: %v, want NotFound", name, err)
		}
	}
	if err := d.Erase(t.Context(), l.person); err != nil {
		t.Errorf("erased again: %v", err)
	}
}

// TestNobodyReachesWhatIsNotTheirs calls, as a stranger, every method that takes an id. One that is new must be added here.
func TestNobodyReachesWhatIsNotTheirs(t *testing.T) {
	d := newTiny(t)
	l := d.live(t)
	stranger := newPerson(t, d.DB)
	ctx := t.Context()
	id, conversation := l.upload.ID, l.conversation.ID
	notFound := func(err error) bool { return errors.Is(err, fault.NotFound) }
	calls := map[string]func() (ok bool, got any){
		"Upload":       func() (bool, any) { u, err := d.Upload(ctx, stranger, id); return u == nil && notFound(err), err },
		"Profile":      func() (bool, any) { p, err := d.Profile(ctx, stranger, id); return p == nil && notFound(err), err },
		"DeleteUpload": func() (bool, any) { err := d.DeleteUpload(ctx, stranger, id); return notFound(err), err },
		"Correct": func() (bool, any) {
			_, err := d.Correct(ctx, stranger, id, skill.Correction{Skill: "rust", Status: skill.StatusRejected})
			return notFound(err), err
		},
		"AddClaim": func() (bool, any) {
			other := "go"
			err := d.AddClaim(ctx, stranger, id, skill.Claim{ID: &other, Name: "Go", Status: skill.StatusConfirmed})
			return notFound(err), err
		},
		"SaveUpload": func() (bool, any) { // under the id of somebody else's
			err := d.SaveUpload(ctx, stranger, l.upload, "tiny", embeddings.Vector{1, 0, 0})
			return err != nil, err
		},
		"SaveReading": func() (bool, any) {
			err := d.SaveReading(ctx, stranger, l.upload, "tiny", embeddings.Vector{1, 0, 0})
			return notFound(err), err
		},
		"Personal":     func() (bool, any) { list, err := d.Personal(ctx, stranger); return len(list) == 0 && err == nil, list },
		"Resumes":      func() (bool, any) { list, err := d.Resumes(ctx, stranger); return len(list) == 0 && err == nil, list },
		"Conversation": func() (bool, any) { _, err := d.Conversation(ctx, stranger, conversation); return notFound(err), err },
		"Conversations": func() (bool, any) {
			list, err := d.Conversations(ctx, stranger, 10)
			return len(list) == 0 && err == nil, list
		},
		"DropConversation": func() (bool, any) { err := d.DropConversation(ctx, stranger, conversation); return notFound(err), err },
		"ResumeDocument":   func() (bool, any) { _, err := d.ResumeDocument(ctx, stranger, id); return notFound(err), err },
		"Start": func() (bool, any) { // about somebody else's resume
			err := d.Start(ctx, stranger, tutor.Conversation{ID: ident.New(), Role: "gopher", Mode: tutor.Coach, ResumeID: &id, CreatedAt: noon})
			return notFound(err), err
		},
		"Append": func() (bool, any) {
			err := d.Append(ctx, stranger, conversation, tutor.Turn{Messages: []tutor.Message{{ID: ident.New(), Author: tutor.AuthorPerson, Content: "x", Citations: []tutor.Citation{}, CreatedAt: noon}}, At: noon})
			return notFound(err), err
		},
		"History": func() (bool, any) {
			list, err := d.History(ctx, stranger, conversation, 10)
			return len(list) == 0 && err == nil, list
		},
		"ProgressOn": func() (bool, any) {
			list, err := d.ProgressOn(ctx, newPerson(t, d.DB), "gopher") // the stranger has some of their own by then
			return len(list) == 0 && err == nil, list
		},
		"SaveProgress": func() (bool, any) {
			err := d.SaveProgress(ctx, stranger, tutor.MilestoneProgress{Role: "gopher", Milestone: "first", Status: tutor.MilestoneOpen, UpdatedAt: noon})
			return err == nil, err // theirs, beside the owner's
		},
		"Read": func() (bool, any) {
			r, err := d.Read(ctx, stranger, gapanalysis.Query{Model: "tiny", Resume: id, Role: "gopher"})
			return r.Profile == nil && len(r.Near.BySkill) == 0 && notFound(err), r
		},
		"Read by skills": func() (bool, any) {
			r, err := d.Read(ctx, stranger, gapanalysis.Query{Model: "tiny", Resume: id, Skills: []string{"go"}})
			return r.Profile == nil && len(r.Near.BySkill) == 0 && notFound(err), r
		},
		"NearestToSkills": func() (bool, any) {
			n, err := d.NearestToSkills(ctx, "tiny", stranger, id, []string{"go"})
			return len(n.BySkill) == 0 && err == nil, n
		},
		"NearestPostings": func() (bool, any) { // the latest, by no vector
			list, err := d.NearestPostings(ctx, "tiny", stranger, id, gapanalysis.Filter{Limit: 5})
			return len(list) == 1 && list[0].Similarity == 0 && err == nil, list
		},
		"MatchCandidates": func() (bool, any) { // by no vector
			list, err := d.MatchCandidates(ctx, "tiny", stranger, id, gapanalysis.Filter{Limit: 5}, nil)
			return len(list) == 0 && err == nil, list
		},
		"MatchAnchor": func() (bool, any) {
			a, err := d.MatchAnchor(ctx, "tiny", stranger, id)
			return len(a.Vector) == 0 && notFound(err), a
		},
		"IndexedPostings": func() (bool, any) { // postings are the instance's
			list, err := d.IndexedPostings(ctx, "tiny", id, 5)
			return err == nil, list
		},
		"PostingRequirements": func() (bool, any) { // postings are the instance's
			list, err := d.PostingRequirements(ctx, []uuid.UUID{id})
			return len(list) == 0 && err == nil, list
		},
		"Saved": func() (bool, any) {
			list, err := d.Saved(ctx, stranger, []uuid.UUID{tokenPosting(id)})
			return len(list) == 0 && err == nil, list
		},
		"SavedMatches": func() (bool, any) {
			list, err := d.SavedMatches(ctx, stranger)
			return len(list) == 0 && err == nil, list
		},
		"SaveMatch":   func() (bool, any) { err := d.SaveMatch(ctx, stranger, id, id, noon); return notFound(err), err },
		"DropMatch":   func() (bool, any) { err := d.DropMatch(ctx, stranger, tokenPosting(id)); return notFound(err), err },
		"HideCompany": func() (bool, any) { err := d.HideCompany(ctx, stranger, "acme", 5, noon); return err == nil, err }, // theirs
		"ShowCompany": func() (bool, any) { err := d.ShowCompany(ctx, stranger, "acme "+marker); return notFound(err), err },
		"HiddenCompanies": func() (bool, any) {
			list, err := d.HiddenCompanies(ctx, newPerson(t, d.DB))
			return len(list) == 0 && err == nil, list
		},
		"SaveMatchFeed": func() (bool, any) {
			err := d.SaveMatchFeed(ctx, stranger, tokenOf(stranger), gapanalysis.MatchFeed{Resume: id, CreatedAt: noon})
			return notFound(err), err
		},
		"DropMatchFeed": func() (bool, any) { err := d.DropMatchFeed(ctx, stranger, id); return notFound(err), err },
		"Items": func() (bool, any) {
			list, err := d.Items(ctx, newPerson(t, d.DB), tutor.ItemFilter{Limit: 5}) // the stranger has some of their own by then
			return len(list) == 0 && err == nil, list
		},
		"Item": func() (bool, any) { _, err := d.Item(ctx, stranger, l.item); return notFound(err), err },
		"SaveItem": func() (bool, any) { // the owner's, at its version
			it := someItem()
			it.ID, it.Version = l.item, 1
			err := d.SaveItem(ctx, stranger, it, tutor.MaxItems)
			return errors.Is(err, fault.Conflict), err
		},
		"DropItem": func() (bool, any) { err := d.DropItem(ctx, stranger, l.item, 0); return notFound(err), err },
		"Recalls": func() (bool, any) {
			list, err := d.Recalls(ctx, stranger)
			return len(list) == 0 && err == nil, list
		},
		"Marks": func() (bool, any) {
			list, err := d.Marks(ctx, newPerson(t, d.DB)) // the stranger has some of their own by then
			return len(list) == 0 && err == nil, list
		},
		"SaveFeed": func() (bool, any) { // for somebody else's resume
			err := d.SaveFeed(ctx, stranger, tokenOf(stranger), someFeed(stranger, id))
			return notFound(err), err
		},
		"DropFeed": func() (bool, any) { err := d.DropFeed(ctx, stranger, id, "gopher"); return notFound(err), err },
		"KeepFeedBody": func() (bool, any) { // with the owner's token
			err := d.KeepFeedBody(ctx, stranger, tokenOf(id), gapanalysis.Feed{Body: []byte("x"), MadeAt: noon, ModifiedAt: noon})
			return err == nil, err
		},
		"SaveOrder": func() (bool, any) { // theirs, beside the owner's
			err := d.SaveOrder(ctx, stranger, "gopher", []string{"go"})
			return err == nil, err
		},
		"Order": func() (bool, any) {
			list, err := d.Order(ctx, newPerson(t, d.DB), "gopher")
			return len(list) == 0 && err == nil, list
		},
		"SeeShape": func() (bool, any) {
			err := d.SeeShape(ctx, newPerson(t, d.DB), someShape(), true)
			return err == nil, err
		},
		"SeenShape": func() (bool, any) { _, err := d.SeenShape(ctx, stranger, "gopher"); return notFound(err), err },
		"Budgets": func() (bool, any) {
			list, err := ledgertest.Budgets(ctx, d, stranger, someCaps, noon)
			return err == nil && !slices.ContainsFunc(list, func(b gateway.Budget) bool { return b.Scope == gateway.ScopePersonDay && b.Spent != 0 }), list
		},
		"Account": func() (bool, any) {
			a, err := d.Account(ctx, stranger)
			return err == nil && a == (gateway.Account{}), a
		},
		"DrawMinute": func() (bool, any) {
			_, _, _, err := d.DrawMinute(ctx, newPerson(t, d.DB), gateway.MinuteDraw{Back: gateway.Rate{Requests: 9}, Limit: gateway.Rate{Requests: 9}})
			return err == nil, err
		},
		"KeepAnswer": func() (bool, any) {
			err := d.KeepAnswer(ctx, keyOf(stranger), stranger, []byte{1}, noon)
			return err == nil, err
		},
		"KeepTranscript": func() (bool, any) {
			err := d.KeepTranscript(ctx, someTranscript(newPerson(t, d.DB)))
			return err == nil, err
		},
		"Transcripts": func() (bool, any) {
			list, err := d.Transcripts(ctx, newPerson(t, d.DB), 10, noon.AddDate(-1, 0, 0))
			return len(list) == 0 && err == nil, list
		},
		"SetAccount": func() (bool, any) {
			err := d.SetAccount(ctx, newPerson(t, d.DB), gateway.Account{Group: "other"})
			return err == nil, err
		},
		"Export": func() (bool, any) {
			doc, err := d.Export(ctx, stranger)
			return err == nil && !strings.Contains(string(doc), marker), string(doc)
		},
		"KeepRun": func() (bool, any) {
			_, err := d.KeepRun(ctx, stranger, keptRun(id))
			return notFound(err), err
		},
		"Run": func() (bool, any) { _, err := d.Run(ctx, stranger, l.run); return notFound(err), err },
		"Runs": func() (bool, any) {
			list, err := d.Runs(ctx, stranger, id, "gopher", 5)
			return len(list) == 0 && err == nil, list
		},
		"Erase": func() (bool, any) { err := d.Erase(ctx, newPerson(t, d.DB)); return err == nil, err },
	}
	// These take the id of a call or of a process, which only the gateway knows, or one to go on after.
	instance := []string{"Settle", "PostingsWithout", "ResumesWithout", "Enter", "Exchange", "Resync", "Leave", "Recover"}
	savePosting(t, d, prepared("one", "no", "Berlin"), embeddings.Vector{0.6, 0.8, 0})
	before, err := d.Export(ctx, l.person)
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range calls {
		if ok, got := call(); !ok {
			t.Errorf("%s as a stranger: %v", name, got)
		}
	}
	if after, err := d.Export(ctx, l.person); err != nil || string(after) != string(before) {
		t.Errorf("what the owner has changed, %v:\n%s", err, cmp.Diff(string(before), string(after)))
	}
	for m := range reflect.TypeOf(d.DB).Methods() {
		for in := range m.Type.Ins() {
			if in == reflect.TypeFor[uuid.UUID]() && calls[m.Name] == nil && !slices.Contains(instance, m.Name) {
				t.Errorf("%s takes an id and is not called as a stranger", m.Name)
			}
		}
	}
}
