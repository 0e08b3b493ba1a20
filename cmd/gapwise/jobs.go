package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/posting"
)

// jobCollect fetches scheduled sources; how often it looks which are due.
const (
	jobCollect   = "collect-postings"
	collectEvery = 10 * time.Minute
)

// importGarbage is how much garbage, in hundredths of what is in use, the collector lets lie during an import: half of the usual, since an
// import stands for long beside a database that needs the memory, and makes little of it.
const importGarbage = 50

const jobsUse = "Say `gapwise jobs import FILE|URL|greenhouse:NAME|lever:NAME|ashby:NAME|hackernews:ID…`, or - for stdin; or `gapwise jobs sources add|remove SOURCE…`, `gapwise jobs sources list`."

// jobs imports postings, and says from where they are fetched from time to time.
func jobs(ctx context.Context, c *command) error {
	as := c.flags.String("as", "", "`format` of files: jsonl, csv, feed, page, greenhouse, lever, ashby or hackernews; without it their beginning tells")
	board := c.flags.String("board", "", "`name` of the board that a file of greenhouse, lever or ashby is of; without it the file's name")
	c.databaseFlags()
	if err := c.parse(); err != nil {
		return err
	}
	switch {
	case len(c.args) >= 2 && c.args[0] == "import":
		defer debug.SetGCPercent(debug.SetGCPercent(importGarbage))
		return c.withHouse(ctx, func(h *house) error { return importAll(ctx, c, h, c.args[1:], *as, *board) })
	case len(c.args) == 2 && c.args[0] == "sources" && c.args[1] == "list":
		return c.withHouse(ctx, func(h *house) error { return listSources(ctx, c, h) })
	case len(c.args) >= 3 && c.args[0] == "sources" && (c.args[1] == "add" || c.args[1] == "remove"):
		return schedule(ctx, c, c.args[2:], c.args[1] == "add")
	}
	return c.wrongUse(jobsUse)
}

// importAll imports from one place after the other. With --json one document is printed for each, in order.
func importAll(ctx context.Context, c *command, h *house, places []string, as, board string) error {
	for _, name := range places {
		s, err := importOne(ctx, c, h, name, as, board)
		if err != nil {
			return err
		}
		if c.json {
			if err := c.printJSON(s); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.stdout, "%s: %d postings read: %d new, %d changed, %d unchanged, %d duplicates, %d expired, %d refused.\n",
			name, s.Read, s.New, s.Changed, s.Unchanged, s.Duplicates, s.Expired, s.RefusedCount())
		for _, r := range s.Refused {
			fmt.Fprintf(c.stdout, "  line %d %s: %s\n", r.Line, r.Field, r.Detail)
		}
	}
	return nil
}

func importOne(ctx context.Context, c *command, h *house, name, as, board string) (posting.Summary, error) {
	progress := func(s posting.Summary) {
		fmt.Fprintf(c.stderr, "%d read, %d stored, %d unchanged\n", s.Read, s.Stored, s.Unchanged)
	}
	p, ok, err := posting.ParsePlace(name)
	if err != nil {
		return posting.Summary{}, err
	}
	if ok {
		p.Format = cmp.Or(p.Format, as)
		return h.collector(trusting(p.Address)).Collect(ctx, p, progress)
	}
	in := c.stdin
	if name != "-" {
		f, err := openFile(name)
		if err != nil {
			return posting.Summary{}, err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	base := filepath.Base(name)
	src := posting.Place{Name: base, Format: as, Board: cmp.Or(board, strings.TrimSuffix(base, filepath.Ext(base)))}.Read(in, "")
	return h.importer.From(ctx, src, progress)
}

// trusting lets a fetcher into the machine's own network where the operator has written an address of it.
func trusting(address string) func(netip.Addr) bool {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	if u.Hostname() == "localhost" {
		return netip.Addr.IsLoopback
	}
	own, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return nil
	}
	return func(a netip.Addr) bool { return a == own.Unmap() }
}

// collector fetches with the trust that is given it.
func (h *house) collector(trusted func(netip.Addr) bool) *posting.Collector {
	return &posting.Collector{
		Importer: h.importer, Fetcher: posting.NewFetcher(posting.NewClient(trusted), nil, nil), Visits: h.db, Now: h.now, Log: h.log,
	}
}

// collectDue is the job of the queue. Addresses of the machine's own network are let through that an operator has scheduled.
func (h *house) collectDue() func(context.Context) error {
	return func(ctx context.Context) error {
		list, err := h.db.Scheduled(ctx)
		if err != nil {
			return err
		}
		var own []func(netip.Addr) bool
		for _, v := range list {
			if p, ok, err := posting.ParsePlace(v.Name); ok && err == nil {
				if trust := trusting(p.Address); trust != nil {
					own = append(own, trust)
				}
			}
		}
		trusted := func(a netip.Addr) bool {
			return slices.ContainsFunc(own, func(trust func(netip.Addr) bool) bool { return trust(a) })
		}
		return h.collector(trusted).Due(ctx)
	}
}

// schedule adds or removes sources. One that cannot be one is refused before any is kept.
func schedule(ctx context.Context, c *command, names []string, on bool) error {
	for _, n := range names {
		if _, ok, err := posting.ParsePlace(n); err != nil {
			return err
		} else if !ok {
			return c.wrongUse("%q is no source. One is greenhouse:NAME, lever:NAME, ashby:NAME, hackernews:ID or an address.", n)
		}
	}
	return c.withHouse(ctx, func(h *house) error {
		for _, n := range names {
			p, _, err := posting.ParsePlace(n)
			if err != nil {
				return err
			}
			changed, err := h.db.Schedule(ctx, p.Name, on, h.now())
			if err != nil {
				return err
			}
			if !on && !changed {
				return fault.Newf(fault.NotFound, "no-such-source", "%s is not fetched from time to time. `gapwise jobs sources list` tells what is.", p.Name)
			}
		}
		return listSources(ctx, c, h)
	})
}

// sourceLine is a source as it is printed.
type sourceLine struct {
	Name      string     `json:"name"`
	FetchedAt *time.Time `json:"fetched_at"`
	NextAt    time.Time  `json:"next_at"`
	Failures  int        `json:"failures"`
	Error     string     `json:"error,omitempty"`
	Summary   any        `json:"summary,omitempty"`
}

func listSources(ctx context.Context, c *command, h *house) error {
	list, err := h.db.Scheduled(ctx)
	if err != nil {
		return err
	}
	out := make([]sourceLine, len(list))
	for i, v := range list {
		out[i] = sourceLine{Name: v.Name, FetchedAt: v.FetchedAt, NextAt: v.NextAt.UTC(), Failures: v.Failures, Error: v.Error}
		if len(v.Summary) > 0 {
			out[i].Summary = v.Summary
		}
	}
	if c.json {
		return c.printJSON(map[string]any{"sources": out})
	}
	for _, s := range out {
		state := "not fetched yet"
		if s.FetchedAt != nil {
			state = "fetched " + s.FetchedAt.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(c.stdout, "%s: %s, next %s\n", s.Name, state, s.NextAt.Format(time.RFC3339))
		if s.Error != "" {
			fmt.Fprintf(c.stdout, "  failed %d times: %s\n", s.Failures, s.Error)
		}
	}
	if len(out) == 0 {
		_, err = io.WriteString(c.stdout, "No source is fetched from time to time.\n")
	}
	return err
}
