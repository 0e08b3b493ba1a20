package skill_test

import (
	"flag"
	"fmt"
	"go/format"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/skill"
)

// fitContext writes contextweights.go anew: make fit-context.
var fitContext = flag.Bool("fit-context", false, "fit the weights of context to testdata/ambiguous.tsv and write them")

// example is a labelled place.
type example struct {
	group string // the skill: folds never part the contexts of one
	x     []float64
	means bool
}

// pull is how strongly a weight is drawn to its prior: the inverse of its variance there, which is what 1/pull uses of a word weigh.
// It was chosen by cross-validation over the skills of ambiguous.tsv among 0.1, 0.3, 1, 3 and 10.
const pull = 1

// priorWeights are those in the source, as experience of false hits in real resumes sets them; the fit starts at them and is drawn to them, so that
// a feature that the labelled contexts seldom show keeps a sensible weight.
func priorWeights(tb testing.TB) (names []string, prior []float64, source string) {
	tb.Helper()
	data, err := os.ReadFile("contextweights.go")
	if err != nil {
		tb.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\t(feat\w+):\s+\S+,\s+// (\S+)$`).FindAllStringSubmatch(string(data), -1) {
		var w float64
		if _, err := fmt.Sscan(m[2], &w); err != nil {
			tb.Fatal(err)
		}
		names, prior = append(names, m[1]), append(prior, w)
	}
	return names, prior, string(data)
}

// examples are the labelled places of a file that the finder sees at all. What a place looks like depends on the neighbours that the weights
// accept; those are the priors, so that the fit has no part in what it is fitted to.
func examples(tb testing.TB, f *skill.Finder, file string, weights []float64) []example {
	tb.Helper()
	var out []example
	for _, l := range readLabelled(tb, file) {
		for _, p := range f.Places(l.text, weights) {
			for _, at := range l.marks {
				if p.Start <= at.Start && at.End <= p.End && (l.skill == "-" || p.SkillID == l.skill) {
					out = append(out, example{p.SkillID, p.Features, l.means})
				}
			}
		}
	}
	return out
}

// fit is logistic regression by Newton's method with a normal prior: it minimises the log-loss plus pull/2 times the squared distance to
// the prior.
func fit(list []example, prior []float64) []float64 {
	n := len(prior)
	w := append([]float64{}, prior...)
	for range 25 {
		gradient, hessian := make([]float64, n), make([][]float64, n)
		for i := range n {
			hessian[i] = make([]float64, n)
			hessian[i][i] = pull
			gradient[i] = pull * (w[i] - prior[i])
		}
		for _, e := range list {
			p := probability(w, e.x)
			miss := p
			if e.means {
				miss = p - 1
			}
			for i := range n {
				if e.x[i] == 0 {
					continue
				}
				gradient[i] += miss * e.x[i]
				for j := range n {
					hessian[i][j] += p * (1 - p) * e.x[i] * e.x[j]
				}
			}
		}
		for i, step := range solve(hessian, gradient) {
			w[i] -= step
		}
	}
	return w
}

func probability(w, x []float64) float64 {
	sum := 0.0
	for i := range w {
		sum += w[i] * x[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// solve is Gaussian elimination; the pull makes every matrix here positive definite.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		for k := i + 1; k < n; k++ {
			factor := a[k][i] / a[i][i]
			for j := i; j < n; j++ {
				a[k][j] -= factor * a[i][j]
			}
			b[k] -= factor * b[i]
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = b[i]
		for j := i + 1; j < n; j++ {
			x[i] -= a[i][j] * x[j]
		}
		x[i] /= a[i][i]
	}
	return x
}

// kept counts what weights keep of uses as the skill and of others.
func kept(list []example, w []float64) (yes, ofYes, no, ofNo int) {
	for _, e := range list {
		k := 0
		if probability(w, e.x) >= skill.Acceptance {
			k = 1
		}
		if e.means {
			yes, ofYes = yes+k, ofYes+1
		} else {
			no, ofNo = no+k, ofNo+1
		}
	}
	return yes, ofYes, no, ofNo
}

// loss is the mean log-loss of weights.
func loss(list []example, w []float64) float64 {
	sum := 0.0
	for _, e := range list {
		p := probability(w, e.x)
		if !e.means {
			p = 1 - p
		}
		sum -= math.Log(p)
	}
	return sum / float64(len(list))
}

// TestContextWeights holds the weights in the source to what the labelled contexts give, and logs what cross-validation over skills says of them.
func TestContextWeights(t *testing.T) {
	f := newFinder(t)
	names, prior, source := priorWeights(t)
	inForce := skill.ContextWeights()
	if len(names) != len(inForce) {
		t.Fatalf("%d weights with a prior in the source, %d in force", len(names), len(inForce))
	}
	list := examples(t, f, "testdata/ambiguous.tsv", prior)
	const folds = 5
	fold := map[string]int{}
	for _, e := range list {
		if _, ok := fold[e.group]; !ok {
			fold[e.group] = len(fold) % folds
		}
	}
	var out []float64
	for k := range folds {
		var train, test []example
		for _, e := range list {
			if fold[e.group] == k {
				test = append(test, e)
			} else {
				train = append(train, e)
			}
		}
		w := fit(train, prior)
		a, b, c, d := kept(test, w)
		out = append(out, float64(a), float64(b), float64(c), float64(d))
	}
	sum := func(i int) (s float64) {
		for k := i; k < len(out); k += 4 {
			s += out[k]
		}
		return s
	}
	t.Logf("%d places; over skills that it was not fitted to, the fit keeps %.3f of the uses as a skill and %.3f of the others",
		len(list), sum(0)/sum(1), sum(2)/sum(3))
	a, b, c, d := kept(list, prior)
	t.Logf("the priors alone keep %.3f and %.3f", float64(a)/float64(b), float64(c)/float64(d))
	fitted := fit(list, prior)
	// A skill that is added may be a neighbour that was none, which moves the fit a little; what a new fit gains tells whether it is due.
	now, then := loss(list, inForce), loss(list, fitted)
	t.Logf("the log-loss of a place is %.4f, and %.4f by a new fit", now, then)
	if now > 1.1*then && !*fitContext {
		t.Errorf("the weights in the source lose %.4f a place and a new fit %.4f: run make fit-context", now, then)
	}
	for i, w := range fitted {
		source = regexp.MustCompile(`(?m)^\t`+names[i]+`:.*$`).ReplaceAllString(source, fmt.Sprintf("\t%s: %.2f, // %s", names[i], w, trim(prior[i])))
	}
	if !*fitContext {
		return
	}
	formatted, err := format.Source([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("contextweights.go", formatted, 0o600); err != nil {
		t.Fatal(err)
	}
}

func trim(w float64) string {
	return strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%.1f", w), "0"), ".")
}
