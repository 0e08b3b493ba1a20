package resume_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/resume"
)

func TestHeadingKind(t *testing.T) {
	t.Parallel()
	for kind, headings := range map[resume.SectionKind]string{
		resume.SectionExperience: "EXPERIENCE|Work Experience|Professional Experience:|## Employment History|Research Experience|Volunteer Experience|Internships|3. Experience|" +
			"Experience & Education|Where I've worked|Berufserfahrung|Beruflicher Werdegang|Berufliche Stationen|Expérience professionnelle|Parcours professionnel|" +
			"EXPERIENCIA LABORAL|Trayectoria profesional|Experiência Profissional|EXPERIENCIA PROFISSIONAL|Histórico profissional|Estágios|Esperienza lavorativa|" +
			"Esperienze professionali|Werkervaring|Relevante werkervaring|Loopbaan|工作经历|实习经历|工作經驗|實習經歷|工作 经历|职业经历|Work Experience 工作经历",
		resume.SectionEducation: "Education|EDUCATION & TRAINING|Academic Background|Ausbildung|Studium und Ausbildung|Formation|Études|Formación académica|Formação Acadêmica|" +
			"Formação académica|Istruzione e formazione|Percorso di studi|Opleidingen|Opleiding en cursussen|教育背景|學歷|教育經歷|教育與培訓",
		resume.SectionSkills: "Skills|Technical Skills|Core Competencies|Skills & Interests|Programming Languages|Tech Stack|Toolbox|Kenntnisse|IT-Kenntnisse|Kenntnisse und Fähigkeiten|" +
			"Compétences|Compétences techniques|Habilidades|Conocimientos técnicos|Competências|Habilidades técnicas|Competenze|Competenze tecniche|Vaardigheden|" +
			"Kennis en vaardigheden|专业技能|專業技能|技术栈|技能與專長",
		resume.SectionProjects:       "Projects|Personal Projects|Open Source|Side projects|Projekte|Eigene Projekte|Projets|Projets personnels|Proyectos|Projetos|Progetti|Projecten|项目经历|專案經歷|開源項目",
		resume.SectionSummary:        "Summary|About me|Profile|Career Objective|Über mich|Kurzprofil|À propos|Présentation|Sobre mí|Perfil profesional|Resumo|Sobre mim|Profilo|Chi sono|Samenvatting|Over mij|个人简介|自我評價|關於我",
		resume.SectionCertifications: "Certifications|Licenses & Certifications|Zertifikate|Certificats|Certificaciones|Certificações|Certificazioni|Certificaten|证书|專業證照",
		resume.SectionPublications:   "Publications|Talks & Presentations|Presentation|Veröffentlichungen|Publicaciones|Publicações|Pubblicazioni|Publicaties|论文|發表論文",
		resume.SectionAwards:         "Awards|Honors & Awards|Auszeichnungen|Distinctions|Premios|Prêmios|Premi e riconoscimenti|Prijzen|获奖情况|榮譽獎項",
		resume.SectionInterests:      "Interests|Hobbies|Freizeit|Centres d’intérêt|Aficiones|Interesses|Interessi|Hobby’s|兴趣爱好|興趣",
		resume.SectionOther:          "Languages|References|Contact|Sprachen|Persönliche Daten|Langues|Idiomas|Dados pessoais|Lingue|Talen|Persoonlijke gegevens|语言能力|聯絡方式",
		"": "Experience with Go and Kafka|I have experience|Software Engineer|Google|Experienced engineer|Skilled in Java|" +
			"Open Source Software Engineering|Education startup in Berlin|2019 – 2020|Jane Doe|项目负责人|高级工程师|北京工作室|",
	} {
		for h := range strings.SplitSeq(headings, "|") {
			if got, ok := resume.HeadingKind(h); got != kind || ok != (kind != "") {
				t.Errorf("%q is %q, want %q", h, got, kind)
			}
		}
	}
}
