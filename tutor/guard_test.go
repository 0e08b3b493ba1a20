package tutor_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/tutor"
)

// guardTable holds messages for people and near misses.
type guardTable struct {
	Positives []struct{ Kind, Lang, Text string } `yaml:"positives"`
	Near      []struct{ Lang, Text string }       `yaml:"near"`
}

// iAmAnAI is how the tutor says what it is, by language.
var iAmAnAI = map[string]string{"en": "I am an AI", "de": "Ich bin eine KI", "es": "Soy una IA", "fr": "Je suis une IA"}

func TestGuard(t *testing.T) {
	t.Parallel()
	digits := regexp.MustCompile(`\d`)
	for set, least := range map[string][2]int{"open": {40, 60}, "held-out": {40, 60}} {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			var table guardTable
			readYAML(t, "guard/"+set+".yaml", &table)
			if len(table.Positives) < least[0] || len(table.Near) < least[1] {
				t.Fatalf("%d positives and %d near misses, want %v", len(table.Positives), len(table.Near), least)
			}
			found, other, fired := 0, 0, 0
			for _, p := range table.Positives {
				switch g := tutor.Guard(p.Text); {
				case g == nil:
					t.Errorf("goes on with %q, want %s", p.Text, p.Kind)
				case g.Kind != p.Kind:
					other++
					t.Errorf("%q is %s, want %s", p.Text, g.Kind, p.Kind)
				default:
					found++
					if !strings.Contains(strings.ToLower(g.Text), strings.ToLower(iAmAnAI[p.Lang])) || digits.MatchString(g.Text) || len(strings.Fields(g.Text)) > 90 {
						t.Errorf("%q in %s is answered by %q: want the language, that an AI speaks, no number, and few words", p.Text, p.Lang, g.Text)
					}
				}
			}
			for _, n := range table.Near {
				if g := tutor.Guard(n.Text); g != nil {
					fired++
					t.Errorf("%q is taken for %s", n.Text, g.Kind)
				}
			}
			t.Logf("%s: %d of %d found, %d as another kind; %d of %d near misses taken", set, found, len(table.Positives), other, fired, len(table.Near))
		})
	}
}

func TestForbidden(t *testing.T) {
	t.Parallel()
	for kind, sentences := range map[string][]string{
		"hiring": {
			"You will get the job.", "With this resume you'll surely be hired.", "Your chances of getting hired are 80 %.", "They will hire you for sure.",
			"An offer is guaranteed after this phase; the guaranteed job is yours.", "Du wirst sicher eingestellt.", "Deine Chancen auf die Stelle sind gut.", "Te contratarán seguro.", "Vous serez embauché.",
		},
		"score": {"You are an expert in every skill.", "You are a perfect match for this role.", "Du bist Experte in allen Fähigkeiten.", "Eres experta en todo.", "You are the best candidate."},
		"about-person": {
			"At your age this is harder.", "You seem frustrated today.", "As a female engineer you should say so.", "Your age may be a problem.", "You are too old for this.",
			"Your name suggests that you are from Spain.", "Du wirkst nervös.", "In deinem Alter ist das schwer.", "Pareces triste.", "Para tu edad está bien.",
		},
		"": {
			"You will get a job queue with retries.", "You are not an expert in every skill yet.", "A perfect match of both hashes ends the search.", "Experts in every team answer for it.", "I cannot say whether you will be hired.", "Kafka is old and stable.", "Your report shows level 3 in Go [1].", "The health check of your service is missing.",
			"You are ready for the next milestone.", "You will be asked about race conditions.", "At your pace the phase takes six weeks.", "Say how you sped up the build.", "The age of a cache entry is in its header.",
			"Das Alter eines Eintrags steht im Kopf.", "Du bist auf Stufe 3 [2].", "Tu nivel es 3 [1].", "You look at the logs first.", "The young generation of the heap is collected often.", "Hiring managers read the first lines.",
		},
	} {
		for _, s := range sentences {
			if got := tutor.Forbidden(s); got != kind {
				t.Errorf("%q is %q, want %q", s, got, kind)
			}
		}
	}
}
