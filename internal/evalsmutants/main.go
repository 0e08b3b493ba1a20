// Command evalsmutants runs the evaluations once with each seeded mistake of internal/mutant and says which they find. The binary that it is
// given has to be built with the tag mutants. It fails where fewer are found than -least.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/gapwise/gapwise/internal/mutant"
)

// seeded is a mistake and the suites that should find it.
type seeded struct{ name, suites string }

// mistakes are all there are, each with the suites that look at what it spoils: running the others would find nothing more.
func mistakes() []seeded {
	return []seeded{
		{mutant.LevelsOffByOne, "skills,levels"},
		{mutant.WishesCount, "skills,levels"},
		{mutant.DenialsCount, "skills,levels"},
		{mutant.WordsAreSkills, "skills,levels"},
		{mutant.SpansShifted, "reading,skills"},
		{mutant.SectionsLost, "reading,skills"},
		{mutant.ColumnsInterleave, "reading"},
		{mutant.WordIgnored, "gaps,errors"},
		{mutant.NothingCarries, "gaps"},
		{mutant.HoursIgnored, "gaps,plans"},
		{mutant.PlanBackwards, "plans,gaps"},
		{mutant.MatchesUpsideDown, "matching"},
		{mutant.RolesUpsideDown, "matching"},
		{mutant.RemoteIgnored, "matching"},
		{mutant.CapIgnoresStreams, "gateway"},
		{mutant.HalfBooked, "gateway"},
		{mutant.UnpricedIsFree, "gateway"},
		{mutant.LeavingIsFree, "gateway"},
		{mutant.CacheShared, "gateway"},
		{mutant.OwnerMissing, "errors"},
		{mutant.GroundingLost, "tutor,injection"},
		{mutant.FenceMissing, "tutor,injection"},
		{mutant.NamesPass, "masking"},
		{mutant.CitesUnchecked, "tutor"},
	}
}

func main() {
	binary := flag.String("binary", "bin/gapwise-mutants", "`file` built with the tag mutants")
	least := flag.Int("least", 22, "how many must be found")
	only := flag.String("run", "", "only mistakes whose name has this `text`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, *binary, *only, *least)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "evalsmutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, binary, only string, least int) error {
	begun := time.Now()
	fmt.Fprintln(w, "Running without a mistake, for what fails anyway…")
	control, err := failing(ctx, binary, "", "")
	if err != nil {
		return err
	}
	if len(control) > 0 {
		fmt.Fprintf(w, "%d cases fail anyway and find nothing: %s\n", len(control), strings.Join(control, ", "))
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	found, all := 0, 0
	var missed []string
	for _, m := range mistakes() {
		if !strings.Contains(m.name, only) {
			continue
		}
		all++
		cases, err := failing(ctx, binary, m.name, m.suites)
		if err != nil {
			return err
		}
		by := slices.DeleteFunc(cases, func(c string) bool { return slices.Contains(control, c) })
		word := "RED"
		if len(by) > 0 {
			found++
		} else {
			word = "GREEN"
			missed = append(missed, m.name)
		}
		fmt.Fprintf(t, "%s\t%s\t%d cases\t%s\n", word, m.name, len(by), strings.Join(by[:min(len(by), 3)], " "))
		if err := t.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "%d of %d mistakes are found, in %s\n", found, all, time.Since(begun).Round(time.Second))
	if only == "" && found < least {
		return fmt.Errorf("at least %d of %d must be found; these are not: %s", least, all, strings.Join(missed, ", "))
	}
	return nil
}

// failing are the names of the cases that fail with a mistake.
func failing(ctx context.Context, binary, mistake, suites string) ([]string, error) {
	cmd := exec.CommandContext(ctx, binary, "evals", "-json", "-suite", suites) //nolint:gosec // G204: whoever runs this names the binary
	cmd.Env = append(os.Environ(), "GAPWISE_MUTANT="+mistake)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	err := cmd.Run()
	var report struct {
		Cases []struct {
			Suite  string `json:"suite"`
			ID     string `json:"id"`
			Passed bool   `json:"passed"`
		} `json:"cases"`
	}
	if jsonErr := json.Unmarshal(out.Bytes(), &report); jsonErr != nil || len(report.Cases) == 0 {
		return nil, fmt.Errorf("the evaluations did not run with %q: %w: %s", mistake, errors.Join(err, jsonErr), tail(log.String()))
	}
	var names []string
	for _, c := range report.Cases {
		if !c.Passed {
			names = append(names, c.Suite+"/"+c.ID)
		}
	}
	return names, nil
}

func tail(s string) string { return s[max(0, len(s)-2000):] }
