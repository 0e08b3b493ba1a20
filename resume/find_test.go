package resume_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/resume"
)

func TestFindDate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, start, end, text string }{
		{"Jan 2019 – Present", "2019-01", "present", ""},
		{"Engineer, January 2019 to March 2020", "2019-01", "2020-03", "January 2019 to March 2020"},
		{"2019-04 - 2021-03", "2019-04", "2021-03", ""},
		{"04/2019 – heute", "2019-04", "present", ""},
		{"04.2019–12.2020", "2019-04", "2020-12", ""},
		{"2017 — 2019", "2017", "2019", ""},
		{"(2021-Present)", "2021", "present", "2021-Present"},
		{"2016 -- 2018", "2016", "2018", ""},
		{"2019-20", "2019", "2020", ""},
		{"Summer 2018", "2018-06", "2018-08", ""},
		{"Summer 2012 and 2013", "2012-06", "2013-08", ""},
		{"Fall 2019 – Spring 2020", "2019-09", "2020-05", ""},
		{"Since 2020", "2020", "present", ""},
		{"seit März 2020", "2020-03", "present", ""},
		{"depuis janvier 2020", "2020-01", "present", ""},
		{"févr. 2019 – août 2019", "2019-02", "2019-08", ""},
		{"enero de 2018 - actualidad", "2018-01", "present", ""},
		{"Sept. ’19 – Dec '20", "2019-09", "2020-12", ""},
		{"Jan – Mar 2020", "2020-01", "2020-03", ""},
		{"01.04.2019 - 31.12.2020", "2019-04", "2020-12", ""},
		{"2019-04-01 – 2020-12-31", "2019-04", "2020-12", ""},
		{"Mar. 2016 - now", "2016-03", "present", ""},
		{"2017年7月 – 至今", "2017-07", "present", ""},
		{"17.01-17.12", "2017-01", "2017-12", ""},
		{"03-2019 – 05-2020", "2019-03", "2020-05", ""},
		{"Nov 2020 -", "2020-11", "present", ""},
		{"von 2015 bis 2018", "2015", "2018", ""},
		{"May 5, 2013", "2013-05", "2013-05", ""},
		{"2016 / 09", "2016-09", "2016-09", ""},
		{"2013", "2013", "2013", ""},
		{"call 555-2019-2020", "", "", ""},
		{"12345 2O19", "", "", ""},
		{"version 17.04", "", "", ""},
		{"may help in marching", "", "", ""},
		{"$2019k", "2019", "2019", "-"},
	} {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			start, end, text, ok := resume.FindDate(tt.in)
			if start != tt.start || end != tt.end || ok != (tt.start != "") {
				t.Errorf("got %q to %q, %v; want %q to %q", start, end, ok, tt.start, tt.end)
			}
			if tt.text != "" && tt.text != "-" && text != tt.text {
				t.Errorf("text %q, want %q", text, tt.text)
			}
		})
	}
}

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
