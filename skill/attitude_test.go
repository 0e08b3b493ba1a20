package skill_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAttitude(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"plain", "Three years with Kafka.", []string{"Kafka=kafka"}},
		{"denied", "No experience with Kafka.", []string{}},
		{"denied list", "No experience with Kafka, Docker or Redis.", []string{}},
		{"denied pair", "No experience with Kafka or Redis.", []string{}},
		{"denied after a name with a full stop", "No experience with Node.js or Kafka.", []string{}},
		{"not needed", "Without prior knowledge of Terraform.", []string{}},
		{"never used", "I have never used Docker.", []string{}},
		{"curly apostrophe", "I haven’t used Docker.", []string{}},
		{"denied in German", "Ich habe keine Erfahrung mit Kafka oder Docker.", []string{}},
		{"denied in French", "Sans expérience avec Docker.", []string{}},
		{"denied in Spanish", "Sin experiencia con Docker.", []string{}},
		{"denial of the sentence before", "No degree. Kafka since 2019.", []string{"Kafka=kafka"}},
		{"denial before but", "No Java but Kafka.", []string{"Kafka=kafka"}},
		{"no downtime is no denial", "Achieved no downtime with Kafka upgrades.", []string{"Kafka=kafka"}},
		{"wish", "Eager to learn Kafka.", []string{"Kafka=kafka (wish)"}},
		{"interest", "Interested in learning more about Terraform.", []string{"Terraform=terraform (wish)"}},
		{"learning now", "Currently learning Kubernetes.", []string{"Kubernetes=kubernetes (wish)"}},
		{"wish in French", "Je souhaite apprendre Docker.", []string{"Docker=docker (wish)"}},
		{"wish in Spanish", "Quiero aprender Docker.", []string{"Docker=docker (wish)"}},
		{"wish of the sentence before", "Eager to learn. Kafka since 2019.", []string{"Kafka=kafka"}},
		{"denial before a comma and but", "No experience with Kafka, but five years of RabbitMQ.", []string{"RabbitMQ=rabbitmq"}},
		{"denial before another clause", "No experience with Kafka, five years of RabbitMQ.", []string{"RabbitMQ=rabbitmq"}},
		{"denial before a semicolon", "Never used Kafka; RabbitMQ daily.", []string{"RabbitMQ=rabbitmq"}},
		{"not familiar", "I am not familiar with Terraform.", []string{}},
		{"not yet used", "Not yet used in anger: none. Have not worked with Docker.", []string{}},
		{"without", "Deployed services without Kubernetes.", []string{}},
		{"no such experience", "I have no Kafka experience.", []string{}},
		{"no required", "Terraform is not required.", []string{}},
		{"an item that is no skill", "No experience with macOS fleets or Kubernetes.", []string{}},
		{"in the other order in German", "Keine Erfahrung habe ich mit Terraform.", []string{}},
		{"not only", "Not only Kafka but also Docker.", []string{"Kafka=kafka", "Docker=docker"}},
		{"no one", "No one else knew Kafka.", []string{"Kafka=kafka"}},
		{"zero downtime", "Zero downtime deployments with Docker.", []string{"Zero downtime=high-availability", "Docker=docker"}},
		{"doubt about something else", "Without downtime, moved Kafka to Kubernetes.", []string{"Kafka=kafka", "Kubernetes=kubernetes"}},
		{"bullets of hyphens", "- Eager to learn\n- Kafka\n- Docker", []string{"Kafka=kafka", "Docker=docker"}},
		{"never in German", "Ich habe nie mit Docker gearbeitet.", []string{}},
		{"not acquainted in German", "Mit Docker nicht vertraut.", []string{}},
		{"no knowledge in German", "Ohne Kenntnisse in Terraform, aber sicher in Docker.", []string{"Docker=docker"}},
		{"no experience in French", "Pas d'expérience avec Kafka, mais cinq ans de RabbitMQ.", []string{"RabbitMQ=rabbitmq"}},
		{"never in French", "Je n’ai jamais utilisé Docker.", []string{}},
		{"no knowledge in French", "Aucune connaissance de Terraform.", []string{}},
		{"never in Spanish", "Nunca he trabajado con Docker.", []string{}},
		{"no experience in Spanish", "No tengo experiencia con Kafka, pero sí con RabbitMQ.", []string{"RabbitMQ=rabbitmq"}},
		{"interested", "Interested in learning Rustlang.", []string{"Rustlang=rust (wish)"}},
		{"keen", "Keen to learn Kafka and Terraform.", []string{"Kafka=kafka (wish)", "Terraform=terraform (wish)"}},
		{"learning a list", "Currently learning: Kafka, Docker, Terraform", []string{"Kafka=kafka (wish)", "Docker=docker (wish)", "Terraform=terraform (wish)"}},
		{"learning in brackets", "Docker, Kafka (learning)", []string{"Docker=docker", "Kafka=kafka (wish)"}},
		{"machine learning is no wish", "Machine learning with PyTorch and scikit-learn", []string{"Machine learning=machine-learning", "PyTorch=pytorch", "scikit-learn=scikit-learn"}},
		{"wish before but", "Want to learn Kafka, but know RabbitMQ well.", []string{"Kafka=kafka (wish)", "RabbitMQ=rabbitmq"}},
		{"wish in German", "Ich möchte Terraform lernen.", []string{"Terraform=terraform (wish)"}},
		{"interest in German", "Interessiert an Terraform und Docker.", []string{"Terraform=terraform (wish)", "Docker=docker (wish)"}},
		{"training is wished for", "Would like training in Kafka.", []string{"Kafka=kafka (wish)"}},
		{"training is given", "Plan and deliver training in Docker.", []string{"deliver training=teaching", "Docker=docker"}},
		{"love to learn", "Would love to learn Docker and Kafka.", []string{"Docker=docker (wish)", "Kafka=kafka (wish)"}},
		{"working into it in German", "Gern würde ich mich in Kafka einarbeiten.", []string{"Kafka=kafka (wish)"}},
		{"worked into it in German", "Ich habe mich in Kafka eingearbeitet.", []string{"Kafka=kafka"}},
		{"training in French", "J'aimerais me former à Docker.", []string{"Docker=docker (wish)"}},
		{"a reader only", "I have not used Docker, and PyTorch only as a reader of papers.", []string{"PyTorch=pytorch (wish)"}},
		{"none yet", "None yet: Docker.", []string{}},
		{"learning now in Spanish", "Actualmente aprendiendo Docker.", []string{"Docker=docker (wish)"}},
	}
	f := newFinder(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, spell(f.Find(tt.text))); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
	for text, theirs := range map[string]bool{
		"Worked with the Kafka team.":                                   true,
		"Worked closely with the Kafka and Docker teams.":               false, // the first of two is not seen
		"Supported the Salesforce developers.":                          true,
		"Reported to the Oracle DBA and tuned nothing.":                 true,
		"Coordinated with Terraform engineers in Pune.":                 true,
		"Unterstützte die Fachabteilung, arbeitete mit dem Kafka Team.": true,
		"Worked with Kafka.":                                            false,
		"Led the Kafka team.":                                           false,
		"Joined the Kafka team as its third engineer.":                  false,
		"Hired by the bank as Kafka engineer.":                          false,
		"Experience with Kafka, working in a team.":                     false,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got := f.Find(text)
			if len(got) == 0 || (got[0].Confidence < 0.5) != theirs {
				t.Errorf("%+v; want the first doubted: %v", got, theirs)
			}
		})
	}
}
