// Command benchgateway measures the gateway to models against what it promises: that what providers bill never passes a cap, that what is
// booked is what they bill, and what it costs in time and memory.
//
// It runs the real binary, one process or several over one PostgreSQL, against a stub endpoint that keeps a bill of its own (stub.go), under a
// load of its own (load.go), and prints a table. It ends with 1 where a figure misses what it must be.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/gapwise/gapwise/internal/pgcluster"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "benchgateway:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	binary, verb, only string
	burst              int
	kills, restarts    int
	mixed              int
	seconds            time.Duration
	noFail             bool
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	fs := flag.NewFlagSet("benchgateway", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.binary, "binary", filepath.Join("bin", "gapwise"), "the binary under test")
	fs.StringVar(&o.verb, "verb", "gateway", "what it is run as: gateway, or serve with everything else in it")
	fs.StringVar(&o.only, "run", "", "measures to run, by a part of their names, separated by commas")
	fs.IntVar(&o.burst, "burst", 500, "calls at once")
	fs.IntVar(&o.kills, "kills", 20, "processes that are killed in mid-burst")
	fs.IntVar(&o.restarts, "restarts", 10, "restarts of PostgreSQL in mid-burst")
	fs.IntVar(&o.mixed, "mixed", 10_000, "mixed calls far under the cap")
	fs.DurationVar(&o.seconds, "time", 5*time.Second, "how long each load for speed runs")
	fs.BoolVar(&o.noFail, "no-fail", false, "end with 0 whatever the figures are")
	err = fs.Parse(args)
	return o, err
}

// figure is one line of the table.
type figure struct {
	name, value, must string
	ok                bool
}

// measure is one of the table's, or several that share a house.
type measure struct {
	name string
	run  func(context.Context, *bench) ([]figure, error)
}

func measures() []measure {
	return []measure{
		{"overspend", overspend},
		{"booked", bookedAsBilled},
		{"kills", kills},
		{"restarts", restarts},
		{"refusals", falseRefusals},
		{"speed-leases", func(ctx context.Context, b *bench) ([]figure, error) { return speed(ctx, b, "leases") }},
		{"speed-durable", func(ctx context.Context, b *bench) ([]figure, error) { return speed(ctx, b, "durable") }},
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	b, closed, err := open(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer closed()
	var all []figure
	for _, m := range measures() {
		if !wantedBy(o.only, m.name) {
			continue
		}
		began := time.Now()
		figures, err := m.run(ctx, b)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(stderr, "%s: %s\n", m.name, time.Since(began).Round(time.Second))
		all = append(all, figures...)
	}
	missed := 0
	tab := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, f := range all {
		mark := "ok"
		if !f.ok {
			mark = "MISSED"
			missed++
		}
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\n", mark, f.name, f.value, f.must)
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	if missed > 0 && !o.noFail {
		return fmt.Errorf("%d figures miss what they must be", missed)
	}
	return nil
}

func wantedBy(only, name string) bool {
	if only == "" {
		return true
	}
	for part := range strings.SplitSeq(only, ",") {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// open starts the stub and a PostgreSQL that does not give durability up.
func open(ctx context.Context, o options, stderr io.Writer) (*bench, func(), error) {
	dir, err := os.MkdirTemp("", "benchgateway-")
	if err != nil {
		return nil, nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, nil, err
	}
	if o.binary, err = filepath.Abs(o.binary); err != nil {
		return nil, nil, err
	}
	if o.binary, err = installed(o.binary, dir); err != nil {
		return nil, nil, err
	}
	b := &bench{o: o, dir: dir, client: client(), log: stderr}
	if b.stub, err = newStub(ctx); err != nil {
		return nil, nil, err
	}
	if b.cluster, err = pgcluster.Start(ctx, pgcluster.Options{DataDir: filepath.Join(dir, "pg")}); err != nil {
		return nil, nil, err
	}
	return b, func() {
		if err := b.cluster.Close(); err != nil {
			fmt.Fprintln(stderr, "benchgateway: stop the database:", err)
		}
		_ = os.RemoveAll(dir) // a temporary directory
	}, nil
}

// installed copies the binary in the small pieces in which one is unpacked or downloaded. A file that was written in large ones, as the linker writes, is
// in the page cache in large ones too, and recent kernels count all of a piece as resident at a touch: 16 to 29 MB more, for the same program.
func installed(binary, dir string) (name string, err error) {
	from, err := os.Open(binary)
	if err != nil {
		return "", err
	}
	defer func() { _ = from.Close() }() // read only
	name = filepath.Join(dir, "gapwise")
	to, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o700)
	if err != nil {
		return "", err
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{from}, make([]byte, 16<<10))
	return name, errors.Join(err, to.Close())
}
