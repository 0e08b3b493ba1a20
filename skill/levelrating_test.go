package skill_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// levelsIn reads a plain text as the product does and gives its levels by id.
func levelsIn(t *testing.T, text string) map[string]skill.Claim {
	t.Helper()
	doc, err := resume.NewReader(nil).Read(t.Context(), "cv.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p := newFinder(t).Extract(doc, asOf)
	out := map[string]skill.Claim{}
	for _, c := range p.Claims {
		if c.ID != nil {
			out[*c.ID] = c
		}
	}
	return out
}

// TestSelfRatings has how people rate themselves, each in a section of skills: what is said of Kafka, and the level that it gives alone.
func TestSelfRatings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, line string
		level      int
		years      float64
	}{
		{"nothing said", "Docker, Kafka, Redis", 2, 0},
		{"a label", "Expert: Docker, Kafka, Redis", 4, 0},
		{"labels in one line", "Expert: Docker; Intermediate: Kafka; Basic: Redis", 3, 0},
		{"the other label in one line", "Expert: Docker; Intermediate: Redis; Basic: Kafka", 2, 0},
		{"a label with years", "Advanced (5+ years): Docker, Kafka", 3, 0},
		{"a line above", "Advanced\nDocker, Kafka\nBasic\nRedis", 3, 0},
		{"a lower line above", "Advanced\nDocker, Redis\nBasic\nKafka", 2, 0},
		{"brackets", "Docker (basic), Kafka (advanced), Redis", 3, 0},
		{"a dash", "Kafka – expert", 4, 0},
		{"a colon", "Kafka: intermediate", 3, 0},
		{"a table", "Docker | basic\nKafka | expert\nRedis | basic", 4, 0},
		{"five of five", "Docker 2/5, Kafka 5/5, Redis 1/5", 4, 0},
		{"two of five", "Docker 5/5, Kafka 2/5", 2, 0},
		{"eight of ten", "Kafka: 8/10", 3, 0},
		{"out of", "Kafka 2 out of 5", 2, 0},
		{"percent", "Docker 20%\nKafka 90%", 4, 0},
		{"the grade first", "4/5 Docker, Kafka\n1/5 Redis", 3, 0},
		{"numbers on a scale", "(my own rating, 1 = have seen it, 5 = could teach it)\nDocker 2, Kafka 4, Redis 1", 3, 0},
		{"pips", "Docker ●○○○○\nKafka ●●●●○", 3, 0},
		{"stars", "Kafka ★★☆☆☆", 2, 0},
		{"familiar with a list", "Familiar with Docker, Kafka and Redis", 2, 0},
		{"basic knowledge of", "Basic knowledge of Kafka", 2, 0},
		{"only the nearest is basic", "Basic Docker, Kafka", 2, 0},
		{"years behind", "Kafka (5 years), Docker", 4, 5},
		{"years with a colon", "Kafka: 3 yrs", 3, 3},
		{"years before", "10+ years of Kafka", 4, 10},
		{"years of experience with a list", "6 years of professional experience with Docker, Kafka and Redis", 4, 6},
		{"years in words", "Six years of Kafka", 4, 6},
		{"a lower rating than the label's", "Expert: Docker, Kafka (basic)", 2, 0},
		{"one year", "Kafka (1 year)", 2, 1},
		{"a first year", "Kafka since 2021", 4, 5.5},
		{"a matrix of years", "Skill | years | last used\nDocker | 1 | 2020\nKafka | 3 | 2026", 3, 3},
		{"years of something else", "Kafka, 8 years of Docker", 2, 0},
		{"to be learned", "Learning now: Kafka", 1, 0},
		{"German, the best", "Experte: Docker, Kafka", 4, 0},
		{"German, very good", "Sehr gute Kenntnisse: Docker, Kafka", 3, 0},
		{"German, good", "Gute Kenntnisse in Kafka", 3, 0},
		{"German, basic", "Grundkenntnisse: Kafka", 2, 0},
		{"German, in brackets", "Docker (Grundlagen), Kafka (fundiert)", 3, 0},
		{"German, years", "Kafka (5 Jahre)", 4, 5},
		{"French, mastery", "Maîtrise : Docker, Kafka", 3, 0},
		{"French, good", "Bon niveau : Kafka", 3, 0},
		{"French, notions", "Notions de Kafka", 2, 0},
		{"French, years", "5 ans d'expérience en Kafka", 4, 5},
		{"Spanish, advanced", "Avanzado: Kafka", 3, 0},
		{"Spanish, basic", "Conocimientos básicos de Kafka", 2, 0},
		{"Spanish, middle", "Medio: Kafka, Docker", 3, 0},
		{"Spanish, years", "Kafka (3 años)", 3, 3},
		{"Italian, good", "Buona: Kafka", 3, 0},
		{"Portuguese, basic", "Básico: Kafka", 2, 0},
		{"a spoken language beside it", "English (fluent, C1), Kafka", 2, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, ok := levelsIn(t, "Jo Doe\njo@example.org\n\nSKILLS\n\n"+tt.line+"\n\nEDUCATION\n\nB.Sc. Informatics, 2015")["kafka"]
			if !ok || c.Level != tt.level || c.Years != tt.years {
				t.Errorf("level %d, %.1f years: %s; want level %d, %.1f years", c.Level, c.Years, c.Why, tt.level, tt.years)
			}
		})
	}
}

// TestWorkSettlesRatings has a rating beside work: it settles what the work leaves open.
func TestWorkSettlesRatings(t *testing.T) {
	t.Parallel()
	const work = "EXPERIENCE\n\nEngineer, Acme\n01/2020 – 12/2025\n• Ran Kafka in production\n\nSKILLS\n\n"
	for _, tt := range []struct {
		name, line string
		level      int
	}{
		{"none", "Docker", 3},
		{"expert", "Expert: Kafka", 5},
		{"advanced", "Advanced: Kafka", 4},
		{"intermediate", "Intermediate: Kafka", 3},
		{"basic", "Basic: Kafka", 2},
	} {
		if c := levelsIn(t, "Jo Doe\njo@example.org\n\n"+work+tt.line+"\n")["kafka"]; c.Level != tt.level {
			t.Errorf("%s: level %d, want %d: %s", tt.name, c.Level, tt.level, c.Why)
		}
	}
}

func TestOwnershipInOtherLanguages(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"Leitete die Einführung von Kafka", "Aufbau einer Kafka-Plattform", "Verantwortlich für Kafka", "Kafka-Cluster entwickelt und betrieben",
		"Conception d'une chaîne Kafka", "Piloté la migration vers Kafka", "Mise en place de Kafka", "Développé des services sur Kafka",
		"Diseñé la arquitectura de Kafka", "Lideré la migración a Kafka", "Implementé Kafka", "Desarrollé consumidores de Kafka",
		"Moved the queues to Kafka", "Kafka for all events: I wrote the consumers",
	} {
		if c := claim(t, write(job("2020-01", "2022-12", "• "+line))); !strings.Contains(c.Why, "led or built") {
			t.Errorf("%q: %s", line, c.Why)
		}
	}
	for _, line := range []string{
		"Helped with Kafka", "Unterstützung des Betriebs von Kafka", "Participation à la migration de Kafka", "El equipo de plataforma lleva Kafka",
		"Kafka is run by another group", "Used Kafka", "Um Kafka kümmert sich die Plattformgruppe", "Ledger entries in Kafka",
	} {
		if c := claim(t, write(job("2020-01", "2022-12", "• "+line))); strings.Contains(c.Why, "led or built") {
			t.Errorf("%q: %s", line, c.Why)
		}
	}
}

// TestKin has skills that are only listed beside others that were used.
func TestKin(t *testing.T) {
	t.Parallel()
	const head = "Jo Doe\njo@example.org\n\nSKILLS\n\nDocker, AWS, Python, Terraform\n\nEXPERIENCE\n\n"
	for _, tt := range []struct {
		name, work, id string
		level          int
		why            string
	}{
		{"two parts", "Engineer, Acme\n01/2015 – 12/2025\n• Built all of it on EC2 and Lambda for 20 million users\n• EC2 and Lambda on call", "aws", 4, "through Amazon EC2, AWS Lambda"},
		{"one part", "Engineer, Acme\n01/2022 – 12/2025\n• Built all of it on EC2", "aws", 3, "through Amazon EC2"},
		{"what is written in it", "Engineer, Acme\n01/2022 – 12/2025\n• Built the shop in Django", "python", 3, "through Django"},
		{"nothing near", "Engineer, Acme\n01/2015 – 12/2025\n• Baked bread for 20 million users", "aws", 2, "Listed"},
		{"near, and years of work", "Engineer, Acme\n01/2020 – 12/2025\n• Ran Kubernetes", "docker", 3, "goes with Kubernetes"},
		{"near, and months of work", "Engineer, Acme\n01/2025 – 12/2025\n• Ran Kubernetes", "docker", 2, "Listed"},
	} {
		c := levelsIn(t, head+tt.work+"\n")[tt.id]
		if c.Level != tt.level || !strings.Contains(c.Why, tt.why) {
			t.Errorf("%s: level %d, want %d: %s", tt.name, c.Level, tt.level, c.Why)
		}
	}
}

// TestLoose has text without a layout that could be told apart: what is told of a skill counts as work without dates.
func TestLoose(t *testing.T) {
	t.Parallel()
	got := levelsIn(t, "Jo Doe jo@example.org I have built payment systems on Kafka for years and moved them to Kubernetes. Knows Docker, Redis, Ansible, Terraform, Jenkins.")
	if got["kafka"].Level != 3 || got["kubernetes"].Level != 3 || got["docker"].Level > 2 {
		t.Errorf("kafka %d, kubernetes %d, docker %d", got["kafka"].Level, got["kubernetes"].Level, got["docker"].Level)
	}
}

func TestTitleCounts(t *testing.T) {
	t.Parallel()
	c := levelsIn(t, "Jo Doe\njo@example.org\n\nEXPERIENCE\n\nJava Developer, Acme\n01/2020 – 12/2025\n• Fixed defects in the claims system\n\nSKILLS\n\nJava, Docker\n")["java"]
	if c.Level != 4 || c.Years != 6 || !strings.Contains(c.Why, "title") {
		t.Errorf("level %d, %.1f years: %s", c.Level, c.Years, c.Why)
	}
}
