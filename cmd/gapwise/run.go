package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
)

// The exit codes.
const (
	exitDone       = 0
	exitFailed     = 1
	exitWrongUse   = 2
	exitUnreadable = 3
)

// exitCode is the one place where an error becomes an exit code.
func exitCode(err error) int {
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitDone
	case fault.KindOf(err) == fault.Usage:
		return exitWrongUse
	case resume.OutcomeOf(err) != "" && resume.OutcomeOf(err) != resume.OutcomeBusy:
		return exitUnreadable
	}
	return exitFailed
}

// command is one run of one verb.
type command struct {
	verb   string
	getenv func(string) string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	flags  *flag.FlagSet
	args   []string // what is left after the flags
	set    map[string]string
	json   bool
	log    *slog.Logger
}

// verb is one thing that the binary does.
type verb struct {
	name  string
	args  string // for the usage line
	about string
	run   func(context.Context, *command) error
}

func verbs() []verb {
	return []verb{
		{"serve", "", "serve the API and the pages", serve},
		{"gateway", "", "serve the gateway to models alone, in little memory", serveGateway},
		{"migrate", "", "bring the database up to date", migrate},
		{"read", "FILE|- [--format jsonresume]", "read the text of a resume, with lines, sections and positions", read},
		{"skills", "FILE… | --lines", "find skills with the words that prove them", skills},
		{"link", "--lines [-k 10] [--taxonomy F.jsonl]", "link phrases to the catalogue or to another taxonomy", link},
		{"related", "--lines [-k 10] [--candidates F]", "what goes with skills, or with a job title", related},
		{"embed", "--lines", "unit vectors of texts", embed},
		{"roles", "FILE", "rank the roles of the catalogue for a resume", roles},
		{"analyze", "FILE --role ID [--hours 10]", "compare a resume with a role", analyze},
		{"match", "FILE [-k 20]", "match postings with a resume", match},
		{"jobs", "import PLACE… | sources add|remove SOURCE… | sources list", "import postings from files, boards, feeds and pages, and say which are fetched from time to time", jobs},
		{"catalog", "lint | stats | roles | skills", "check, count or list the catalogue", catalogVerb},
		{"prompts", "list | show ID | render ID [--data F.json|-]", "list, show or fill in the templates of prompts, yours included", promptsVerb},
		{"embeddings", "switch NAME [--rate N] [--drop-old] [--detach] | status | cancel | drop", "change the model of the vectors while the service runs", modelsVerb},
		{"evals", "[--run TEXT] [--suite S] [--out DIR] | compare OLD.json NEW.json", "run the evaluation cases against a stubbed model, or compare two runs", evalsVerb},
		{"usage", "[--by KEY] [--days N]", "how the budgets stand, and what models were used for", usage},
		{"prices", "check | list", "the prices of models, and which should be looked up again", pricesVerb},
		{"token", "[--operator] [--name NAME] [--group G] [--day $] [--month $] [--rpm N] [--tpm N]", "make a bearer token, which is a virtual key", token},
		{"user", "export ID | erase ID", "everything of a person; nothing left of a person", user},
		{"doctor", "", "what is found on this machine, what is in force, and what to do", doctor},
	}
}

// run does what the command line says. Every error has been told on stderr when it returns.
func run(ctx context.Context, getenv func(string) string, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		help(stderr)
		if len(args) == 0 {
			return fault.New(fault.Usage, "no-verb", "Say what to do.")
		}
		return nil
	}
	for _, v := range verbs() {
		if v.name != args[0] {
			continue
		}
		c := &command{verb: v.name, getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr, set: map[string]string{}}
		c.log = slog.New(slog.NewTextHandler(stderr, nil))
		c.flags = flag.NewFlagSet("gapwise "+v.name, flag.ContinueOnError)
		c.flags.SetOutput(stderr)
		c.flags.Usage = func() {
			fmt.Fprintf(stderr, "Usage: gapwise %s %s\n\n%s.\n\nFlags:\n", v.name, v.args, strings.ToUpper(v.about[:1])+v.about[1:])
			c.flags.PrintDefaults()
		}
		c.flags.BoolVar(&c.json, "json", false, "print JSON on stdout and nothing else there")
		c.args = args[1:]
		err := v.run(ctx, c)
		c.tell(err)
		return err
	}
	var err error = fault.Newf(fault.Usage, "unknown-verb", "There is no verb %q. `gapwise help` lists them.", args[0])
	fmt.Fprintln(stderr, "gapwise:", fault.DetailOf(err))
	return err
}

func help(w io.Writer) {
	fmt.Fprint(w, "Gapwise reads a resume, finds its skills with the words that prove them, and says what is missing for a role.\n\nUsage: gapwise VERB [FLAGS]\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-10s %s\n", v.name, v.about)
	}
	fmt.Fprint(w, "\n`gapwise VERB --help` tells more. Exit codes: 0 done, 1 failed, 2 wrong use, 3 the input cannot be read.\n")
}

// tell says an error to the person: its code and what to do, and the cause where it is no refusal.
func (c *command) tell(err error) {
	if err == nil || errors.Is(err, flag.ErrHelp) || errors.Is(err, errTold) {
		return
	}
	code, detail := fault.CodeOf(err), fault.DetailOf(err)
	if fault.KindOf(err) == fault.Internal {
		detail = err.Error() // whoever is at the command line runs the service and may see its inside
	}
	fmt.Fprintf(c.stderr, "gapwise %s: %s: %s\n", c.verb, code, detail)
	if cause := fault.CauseOf(err); cause != nil && fault.KindOf(err) == fault.Unavailable {
		fmt.Fprintf(c.stderr, "  because: %v\n", cause)
	}
}

// errTold marks an error whose details are on stderr already.
var errTold = errors.New("told")

// parse reads the flags wherever they stand among the arguments, and leaves the others in args.
func (c *command) parse() error {
	rest := c.args
	var plain []string
	for {
		if err := c.flags.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return err
			}
			return errors.Join(errTold, fault.New(fault.Usage, "wrong-flag", err.Error())) // flag has told it
		}
		rest = c.flags.Args()
		if len(rest) == 0 {
			break
		}
		plain = append(plain, rest[0])
		rest = rest[1:]
	}
	c.args = plain
	return nil
}

// setting adds a flag that stands above an environment variable.
func (c *command) setting(name, env, about string) {
	c.flags.Func(name, about+" ("+env+")", func(v string) error {
		c.set[env] = v
		return nil
	})
}

// databaseFlags are those of every verb that needs the database.
func (c *command) databaseFlags() {
	c.dataFlag()
	c.setting("database-url", "DATABASE_URL", "`address` of PostgreSQL; without it a private one is used")
}

func (c *command) dataFlag() {
	c.setting("data", "GAPWISE_DATA", "`directory` of the private database and caches")
	c.catalogFlag()
}

func (c *command) catalogFlag() {
	c.setting("catalog", "GAPWISE_CATALOG", "`directory` of your own roles and skills, laid over those of the binary")
}

// config reads the settings.
func (c *command) config() (*config.Config, error) {
	return config.Load(c.getenv, c.set, config.FileName)
}

// wrongUse is a fault that ends in exit code 2.
func (c *command) wrongUse(format string, args ...any) error {
	return fault.Newf(fault.Usage, "wrong-use", format+" `gapwise "+c.verb+" --help` tells more.", args...)
}
