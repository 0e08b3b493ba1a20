package resume_test

import (
	"testing"
)

// TestLanguage has short resumes that are full of names that are English in every language.
func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ want, text string }{
		{"en", "Jane Doe\n\nEXPERIENCE\nEngineer, Acme, 2019 – 2021\n- Built services in Go and moved them to Kubernetes for the team\n\nSKILLS\nGo, Docker"},
		{"de", "Max Muster\n\nBerufserfahrung\nSoftware Engineer, Muster GmbH, 2019 – 2021\n- Entwicklung von Microservices mit Spring Boot und Docker für den Online-Shop\n\nKenntnisse\nJava, Spring Boot, Docker"},
		{"fr", "Marie Exemple\n\nEXPÉRIENCE\nDevOps Engineer, Exemple SARL, 2019 – 2021\n- Mise en place de Kubernetes et des pipelines GitLab CI pour les équipes\n\nCOMPÉTENCES\nDocker, AWS"},
		{"es", "Ana Ejemplo\n\nExperiencia laboral\nBackend Developer, Ejemplo, 2019 – 2021\n- Desarrollo de servicios en Kotlin y Spring para la plataforma de pagos\n\nHabilidades\nKotlin, AWS"},
		{"pt", "João Exemplo\n\nExperiência profissional\nFull Stack Developer, Exemplo, 2019 – 2021\n- Desenvolvimento de aplicações com React e Node.js para a área de vendas\n\nCompetências\nReact, AWS"},
		{"it", "Maria Esempio\n\nEsperienze professionali\nFrontend Developer, Esempio, 2019 – 2021\n- Sviluppo di applicazioni con Angular e TypeScript per il portale della banca\n\nCompetenze\nAngular"},
		{"nl", "Jan Voorbeeld\n\nWerkervaring\nData Engineer, Voorbeeld, 2019 – 2021\n- Bouwen van pipelines met Spark en Airflow voor het platform van de klant\n\nVaardigheden\nSpark"},
		{"zh", "张三\n\n工作经历\n2019 – 2021 某公司 后端工程师\n- 使用 Go 和 MySQL 开发后端服务，部署在 Kubernetes\n\n专业技能\nGo，MySQL，Docker"},
		{"he", "נועה ברקאי\n\nניסיון תעסוקתי\nמהנדסת תוכנה, אלמוג, 2019 – 2021\n- פיתוח שירותים ב-Go ו-Kubernetes\n\nכישורים\nGo"},
		{"ar", "سلمى الدهبي\n\nالخبرة العملية\nمهندسة برمجيات، شركة النخيل، 2019 – 2021\n- تطوير واجهات باستخدام React\n\nالمهارات\nReact"},
		{"de", "Max\n\nBerufserfahrung\nEngineer, Acme, 2019 – 2021\n\nAusbildung\nTU Berlin\n\nKenntnisse\nGo"},
		{"en", "John Smith\n\nExperience\nEngineer, Acme, 2019 – 2021\n- Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor\n\nEducation\nMIT\n\nSkills\nGo"},
		{"", "Go Docker\nKubernetes"},
		{"", "555"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			if got := readLines(t, tt.text).Language; got != tt.want {
				t.Errorf("language %q, want %q of %q", got, tt.want, tt.text)
			}
		})
	}
}
