package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/postgres"
)

// query is one kind of search.
type query struct {
	name     string
	location string // as a person gives it; "" for any
	words    string
	sql      string // as postgres.DB sends it
}

// depth is how many postings a search is for.
const depth = 20

func (q *query) filter() gapanalysis.Filter {
	return gapanalysis.Filter{Location: q.location, Words: q.words, Limit: depth}
}

// overhear runs a search through postgres.DB and takes from the wire what it sends: the statement, so that pgbench runs no likeness of it
// but itself, and the settings of the connection.
func overhear(ctx context.Context, address string, q *query) (settings map[string]string, err error) {
	dir, err := os.MkdirTemp("", "benchvectors")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	params := u.Query()
	file := ".s.PGSQL." + params.Get("port")
	w := &wire{server: filepath.Join(params.Get("host"), file)}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", filepath.Join(dir, file))
	if err != nil {
		return nil, err
	}
	go w.accept(ctx, listener)
	defer func() { err = errors.Join(err, listener.Close()) }()
	params.Set("host", dir)
	u.RawQuery = params.Encode()
	db, err := postgres.Open(ctx, u.String())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if _, err := db.NearestPostings(ctx, model, id(personKind, 0), id(resumeKind, 0), q.filter()); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	settings = map[string]string{}
	for _, sql := range w.said {
		if strings.Contains(sql, "<=>") {
			q.sql = strings.TrimSpace(sql)
		}
		for _, m := range setting.FindAllStringSubmatch(sql, -1) {
			settings[m[1]] = m[2]
		}
	}
	if q.sql == "" {
		return nil, errors.New("the search sent no statement")
	}
	return settings, nil
}

var setting = regexp.MustCompile(`\bset (\S+) = ([^;\s]+)`)

// wire stands between a client and the server and notes the statements.
type wire struct {
	server string
	mu     sync.Mutex
	said   []string
}

func (w *wire) accept(ctx context.Context, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return // closed
		}
		go w.pass(ctx, conn)
	}
}

func (w *wire) pass(ctx context.Context, client net.Conn) {
	defer client.Close()
	server, err := (&net.Dialer{}).DialContext(ctx, "unix", w.server)
	if err != nil {
		return
	}
	defer server.Close()
	go func() { _, _ = io.Copy(client, server) }()
	messages := pgproto3.NewBackend(io.TeeReader(client, server), nil)
	if _, err := messages.ReceiveStartupMessage(); err != nil {
		return
	}
	for {
		m, err := messages.Receive()
		if err != nil {
			return
		}
		w.mu.Lock()
		switch m := m.(type) {
		case *pgproto3.Parse:
			w.said = append(w.said, m.Query)
		case *pgproto3.Query:
			w.said = append(w.said, m.String)
		}
		w.mu.Unlock()
	}
}

// The parameters of a search's statement, by what stands beside them.
var parameters = []struct {
	name string
	find *regexp.Regexp
}{
	{"resume", regexp.MustCompile(`resume_id = \$(\d+)`)},
	{"person", regexp.MustCompile(`person_id = \$(\d+)`)},
	{"remote", regexp.MustCompile(`\.remote = \$(\d+)`)},
	{"location", regexp.MustCompile(`\.location ilike \$(\d+)`)},
	{"words", regexp.MustCompile(`to_tsquery\('english', \$(\d+)\)`)},
	{"limit", regexp.MustCompile(`limit \$(\d+)`)},
}

var placeholder = regexp.MustCompile(`\$(\d+)`)

// names are the parameters of the statement, in order.
func (q *query) names() ([]string, error) {
	byNumber := map[string]string{}
	for _, p := range parameters {
		if m := p.find.FindStringSubmatch(q.sql); m != nil {
			byNumber[m[1]] = p.name
		}
	}
	var out []string
	for len(out) < len(byNumber) {
		name, ok := byNumber[strconv.Itoa(len(out)+1)]
		if !ok {
			break
		}
		out = append(out, name)
	}
	for _, m := range placeholder.FindAllStringSubmatch(q.sql, -1) {
		if byNumber[m[1]] == "" || len(out) != len(byNumber) {
			return nil, fmt.Errorf("%s: what is %s of the statement?", q.name, m[0])
		}
	}
	return out, nil
}

// like is the location as a pattern.
func (q *query) like() string {
	if q.location == "" {
		return ""
	}
	return "%" + q.location + "%"
}

// args are the values of the parameters for the n-th resume.
func (q *query) args(n int) ([]any, error) {
	names, err := q.names()
	values := map[string]any{
		"resume": id(resumeKind, n), "person": id(personKind, n), "remote": "", "location": q.like(), "words": q.words, "limit": depth,
	}
	out := make([]any, len(names))
	for i, name := range names {
		out[i] = values[name]
	}
	return out, err
}

// script is the statement for pgbench, of a resume that is drawn anew each time. What does not change is set once, by a query, since a
// variable that is set otherwise cannot be empty.
func (q *query) script() (string, error) {
	names, err := q.names()
	if err != nil {
		return "", err
	}
	sql := placeholder.ReplaceAllStringFunc(q.sql, func(s string) string {
		var n int
		_, _ = fmt.Sscanf(s, "$%d", &n)
		switch name := names[n-1]; name {
		case "resume":
			return drawn(resumeKind)
		case "person":
			return drawn(personKind)
		default:
			return ":" + name
		}
	})
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	return fmt.Sprintf(`\set n random(0, %d)
\if :once = 0
select '' as remote, %s as location, %s as words, %d as limit \gset
\set once 1
\endif
%s;
`, resumes-1, quote(q.like()), quote(q.words), depth, sql), nil
}

// drawn is the id of a kind whose number is n.
func drawn(kind byte) string {
	prefix := id(kind, 0).String()
	return fmt.Sprintf(`('%s' || lpad(to_hex(:n::bigint), 8, '0'))::uuid`, prefix[:len(prefix)-8])
}

// exactly is vector search without an index, for the n-th resume as args has it; only what is needed is read.
func exactly(modelID int) *query {
	distance := fmt.Sprintf(`v.embedding::halfvec(%d) <=> (select r.embedding::halfvec(%[1]d) from resume_vectors r where r.model_id = %d and r.resume_id = $1 and r.person_id = $2)`,
		dimensions, modelID)
	return &query{name: "exact", sql: fmt.Sprintf(`select v.posting_id, 1 - (%s) as similarity from posting_vectors v where v.model_id = %d order by %[1]s limit $3`, distance, modelID)}
}
