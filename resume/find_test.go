package resume_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/resume"
)

func TestHeadingKind(t *testing.T) {
	t.Parallel()
	for kind, headings := range map[resume.SectionKind]string{
		resume.SectionExperience: "EXPERIENCE|Work Experience|Professional Experience:|## Employment History|Berufserfahrung|Beruflicher Werdegang|" +
			"Expérience professionnelle|EXPERIENCIA LABORAL|工作经历|实习经历|Research Experience|Volunteer Experience|Internships|3. Experience|Experience & Education",
		resume.SectionEducation:      "Education|EDUCATION & TRAINING|Ausbildung|Formation|Formación académica|教育背景|Academic Background",
		resume.SectionSkills:         "Skills|Technical Skills|Core Competencies|Kenntnisse|Compétences|Habilidades|专业技能|Skills & Interests|Programming Languages|Tech Stack",
		resume.SectionProjects:       "Projects|Personal Projects|Projekte|Projets|Proyectos|项目经历|Open Source",
		resume.SectionSummary:        "Summary|About me|Profile|Über mich|À propos|Sobre mí|个人简介|Career Objective",
		resume.SectionCertifications: "Certifications|Licenses & Certifications|Zertifikate|证书",
		resume.SectionPublications:   "Publications|Veröffentlichungen|论文",
		resume.SectionAwards:         "Awards|Honors & Awards|Auszeichnungen|获奖情况",
		resume.SectionInterests:      "Interests|Hobbies|Freizeit|Centres d’intérêt|兴趣爱好",
		resume.SectionOther:          "Languages|References|Sprachen|Idiomas|Contact",
		"": "Experience with Go and Kafka|I have experience|Software Engineer|Google|Experienced engineer|Skilled in Java|" +
			"Open Source Software Engineering|Education startup in Berlin|2019 – 2020|Jane Doe|项目负责人|",
	} {
		for h := range strings.SplitSeq(headings, "|") {
			if got, ok := resume.HeadingKind(h); got != kind || ok != (kind != "") {
				t.Errorf("%q is %q, want %q", h, got, kind)
			}
		}
	}
}
