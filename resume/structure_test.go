package resume_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/resume"
)

// readLines reads a resume of lines without layout. "# " to "### " mark headings as a format does, and " | " parts cells.
func readLines(t *testing.T, text string) *resume.Document {
	t.Helper()
	var lines []pagetext.Line
	apart := true
	for l := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		l = strings.TrimSpace(l)
		if l == "" {
			apart = true
			continue
		}
		heading := len(l) - len(strings.TrimLeft(l, "#"))
		lines = append(lines, pagetext.Line{Cells: strings.Split(strings.TrimSpace(l[heading:]), " ¦ "), Heading: heading, Apart: apart})
		apart = false
	}
	return readPages(t, pagetext.Page{Lines: lines})
}

func readPages(t *testing.T, pages ...pagetext.Page) *resume.Document {
	t.Helper()
	doc, err := resume.NewReader(stub{doc: pagetext.Document{Pages: pages}}).Read(t.Context(), "", []byte("%PDF-"))
	if err != nil {
		t.Fatal(err)
	}
	checkDocument(t, doc)
	return doc
}

// jobs are the positions of a document, one in a line.
func jobs(doc *resume.Document) []string {
	var out []string
	for _, p := range doc.Positions {
		out = append(out, fmt.Sprintf("%s @ %s %s..%s", p.Title, p.Org, p.Start, p.End))
	}
	return out
}

// TestPositions has the layouts in which people write jobs.
func TestPositions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"title, employer, dates in a line", "Engineer, Acme, 2019 – 2021\n- x\n\nTester, Hooli, 2017 – 2019", "Engineer @ Acme 2019..2021|Tester @ Hooli 2017..2019"},
		{"employer first", "Acme GmbH, Engineer, 2019 – 2021", "Engineer @ Acme GmbH 2019..2021"},
		{"dates first", "2019 – 2021 Engineer, Acme", "Engineer @ Acme 2019..2021"},
		{"dates in the left column", "2019 – 2021 ¦ Engineer ¦ Acme, Berlin\n2017 – 2019 ¦ Tester ¦ Hooli, Paris", "Engineer @ Acme 2019..2021|Tester @ Hooli 2017..2019"},
		{"dates at the right margin", "Engineer at Acme ¦ 2019 – 2021", "Engineer @ Acme 2019..2021"},
		{"dates in brackets", "Engineer – Acme (Mar 2019 - Present)", "Engineer @ Acme 2019-03..present"},
		{"a dash", "Acme Corp — Senior Engineer ¦ 2019 – 2021", "Senior Engineer @ Acme Corp 2019..2021"},
		{"bars", "Engineer | Acme | Berlin, Germany | 2019 – 2021", "Engineer @ Acme 2019..2021"},
		{"two lines, employer above", "Acme Corp ¦ Boston, MA\nEngineer ¦ 2019 – 2021\n- x\n\nHooli ¦ Paris, France\nTester ¦ 2017 – 2019", "Engineer @ Acme Corp 2019..2021|Tester @ Hooli 2017..2019"},
		{"two lines, employer below", "Engineer ¦ 2019 – 2021\nAcme Corp\n- x\n\nTester ¦ 2017 – 2019\nHooli", "Engineer @ Acme Corp 2019..2021|Tester @ Hooli 2017..2019"},
		{"three lines", "Engineer\nAcme Corp\n2019 – 2021\n- x\n\nTester\nHooli\n2017 – 2019\n- y", "Engineer @ Acme Corp 2019..2021|Tester @ Hooli 2017..2019"},
		{"dates above", "2019 – 2021\nEngineer\nAcme Corp\n- x\n\n2017 – 2019\nTester\nHooli", "Engineer @ Acme Corp 2019..2021|Tester @ Hooli 2017..2019"},
		{"a place between", "Engineer\nAcme Corp\nBerlin, Germany\n2019 – 2021\n- x", "Engineer @ Acme Corp 2019..2021"},
		{
			"an unsettled order follows the others", "Acme, Engineer, 2019 – 2021\nHooli, Tester, 2017 – 2019\nInitech, Cloud Things, 2015 – 2017",
			"Engineer @ Acme 2019..2021|Tester @ Hooli 2017..2019|Cloud Things @ Initech 2015..2017",
		},
		{"a comma in the title", "Telcoin\nVice President, Banking Operations\n2020 – 2021", "Vice President, Banking Operations @ Telcoin 2020..2021"},
		{"a comma in the employer", "Engineer\nDewey, Cheatem & Howe LLP\n2019 – 2021", "Engineer @ Dewey, Cheatem & Howe LLP 2019..2021"},
		{"ways of working", "Engineer (contract, remote) ¦ Acme ¦ Full-time ¦ 2019 – 2021", "Engineer @ Acme 2019..2021"},
		{"a duration", "Engineer\nAcme\nJan 2019 - Mar 2021 (2 years 3 months)", "Engineer @ Acme 2019-01..2021-03"},
		{"two roles", "Acme Corp\nLead Engineer ¦ 2020 – 2021\n- x\nEngineer ¦ 2018 – 2020\n- y", "Lead Engineer @ Acme Corp 2020..2021|Engineer @ Acme Corp 2018..2020"},
		{
			"an employer with dates above its roles", "Acme Corp ¦ 2018 – 2021\nLead Engineer ¦ 2020 – 2021\n- x\nEngineer ¦ 2018 – 2020\n- y",
			"Lead Engineer @ Acme Corp 2020..2021|Engineer @ Acme Corp 2018..2020",
		},
		{
			"roles as a network lists them", "Acme Corp\n4 years 2 months\nLead Engineer\nJan 2020 - Present (1 year 2 months)\nEngineer\nJan 2017 - Dec 2019 (3 years)",
			"Lead Engineer @ Acme Corp 2020-01..present|Engineer @ Acme Corp 2017-01..2019-12",
		},
		{"freelance after a job", "Acme Corp\nEngineer ¦ 2018 – 2020\n- y\n\nFreelance Developer ¦ 2016 – 2018\n- z", "Engineer @ Acme Corp 2018..2020|Freelance Developer @  2016..2018"},
		{"labels", "Position: Engineer\nCompany: Acme\nDuration: 2019 – 2021\n- x", "Engineer @ Acme 2019..2021"},
		{"a table with a head", "Period ¦ Company ¦ Position\n2019 – 2021 ¦ Quux ¦ Things of all kinds\n2017 – 2019 ¦ Corge ¦ More of them", "Things of all kinds @ Quux 2019..2021|More of them @ Corge 2017..2019"},
		{"dates broken in a narrow column", "Feb. 2020 –\npresent\nEngineer, Acme\n- x", "Engineer @ Acme 2020-02..present"},
		{"employers below the dates", "Engineer\n2019 – 2021\nAcme ¦ Leeds\n- x\n\nTester\n2017 – 2019\nHooli\n- y", "Engineer @ Acme 2019..2021|Tester @ Hooli 2017..2019"},
		{"a title in capitals", "LEAD WEB DEVELOPER Acme Studios\n2019 – 2021\n- x", "LEAD WEB DEVELOPER @ Acme Studios 2019..2021"},
		{"a client below an employer", "Consultant, Acme B.V. ¦ 2019 – 2021\nClient: Quux Bank – payments\n- x", "Consultant @ Acme B.V. 2019..2021"},
		{"a client alone", "Consultant ¦ 2019 – 2021\nClient: Quux Bank\n- x", "Consultant @ Quux Bank 2019..2021"},
		{"a department of a university", "Professor, Department of Physics, Quux University ¦ 2019 – 2021", "Professor @ Department of Physics, Quux University 2019..2021"},
		{"a full stop behind the place", "2019 – 2021\nEngineer, Acme, Berlin.\n- x", "Engineer @ Acme 2019..2021"},
		{"a break", "Engineer, Acme GmbH\n2019 – 2021\n- x\n\nElternzeit\n2018 – 2019\n\nTester, Hooli GmbH\n2017 – 2018", "Engineer @ Acme GmbH 2019..2021|Tester @ Hooli GmbH 2017..2018"},
		{"a form of two cells", "• Date (da – a) ¦ Aprile 2020 – oggi\n• Nome e indirizzo del datore di lavoro ¦ Esempio S.r.l., Via Roma 3\n• Tipo di azienda o settore ¦ Software\n• Tipo di impiego ¦ Analista", "Analista @ Esempio S.r.l. 2020-04..present"},
		{"two titles", "Engineer, Team Lead, Acme, Berlin ¦ 2019 – 2021", "Engineer, Team Lead @ Acme 2019..2021"},
		{"hours of the week", "Analyst, Quux Office, Custer, SD\nMarch 2019 – Present, 40 hours per week", "Analyst @ Quux Office 2019-03..present"},
		{"an unknown town in brackets", "Engineer, Quux Logiciels (Quimper) ¦ 2019 – 2021", "Engineer @ Quux Logiciels 2019..2021"},
		{"a state like a legal form", "Cashier • Quux Market • Sparks, NV ¦ 2019 – 2021", "Cashier @ Quux Market 2019..2021"},
		{"a course of one term", "Engineer, Acme, 2019 – 2021\n- x\n\nCS 340 Programming Languages ¦ Fall 2016", "Engineer @ Acme 2019..2021"},
		{"a title of a woman in Hebrew", "נציגת תמיכה\n06/2015 - 01/2018\nערבה תקשורת", "נציגת תמיכה @ ערבה תקשורת 2015-06..2018-01"},
		{"headings of the format", "### Engineer, Acme\n2019 – 2021\n- x\n### Tester, Hooli\n2017 – 2019", "Engineer @ Acme 2019..2021|Tester @ Hooli 2017..2019"},
		{"undated headings of the format", "### Engineer, Acme\n- x\n### Tester, Hooli\n- y", "Engineer @ Acme ..|Tester @ Hooli .."},
		{"undated with lists", "Engineer, Acme Corp\n- x\n\nTester, Hooli Ltd\n- y", "Engineer @ Acme Corp ..|Tester @ Hooli Ltd .."},
		{"a date in a sentence", "Engineer, Acme, 2019 – 2021\nIn 2020 we moved everything to the cloud and saved much.", "Engineer @ Acme 2019..2021"},
		{"a list item between years", "Engineer, Acme, 2019 – 2021\n- Led the move to PostgreSQL between 2020 and 2021", "Engineer @ Acme 2019..2021"},
		{"an aside", "Engineer, Acme, 2019 – 2021\n- x\n(2018 – 2019: caring for a relative)", "Engineer @ Acme 2019..2021"},
		{"text behind the dates", "Acme Company\nLead Web Designer 2001-2004 Designed all that the company showed to people on the web and much of what it did not show.", "Lead Web Designer @ Acme Company 2001..2004"},
		{"a program and an employer", "Acme ¦ Seoul\nIntern at Global Summer Program ¦ 2018 – 2019", "Intern @ Acme 2018..2019"},
		{"a partnership", "Engineer\nUhlquux GmbH & Co. KG, Ulm\n2019 – 2021", "Engineer @ Uhlquux GmbH & Co. KG 2019..2021"},
		{"a town behind the legal form", "Engineer - Acme GmbH Bremen ¦ 2019 – 2021", "Engineer @ Acme GmbH 2019..2021"},
		{"departments below an employer", "GOLDMAN FINCH, New York, NY ¦ 2012 - 2020\nVice President, Technology (2017 - 2020)\nManaged many.\nAnalyst, Technology (2012 - 2017)", "Vice President, Technology @ GOLDMAN FINCH 2017..2020|Analyst, Technology @ GOLDMAN FINCH 2012..2017"},
		{"a form", "• Date (da – a): dal 03/2015 a oggi\n• Nome e indirizzo del datore di lavoro: Esempio S.p.A., Milano\n• Tipo di impiego: Responsabile sviluppo", "Responsabile sviluppo @ Esempio S.p.A. 2015-03..present"},
		{"dates alone below, where others have them beside", "Engineer | Acme | 2020 – 2021\n- x\nTester\nHooli Ltd\n2017 - 2019\n- y", "Engineer @ Acme 2020..2021|Tester @ Hooli Ltd 2017..2019"},
		{"a town that begins like a legal form", "Web Developer, Quux, Ennis, Co. Clare ¦ 2018 – 2021", "Web Developer @ Quux 2018..2021"},
		{"a legal form and a town in brackets", "Quux Technologies Co., Ltd. (Shenzhen)\nEngineer ¦ 2018 – 2021", "Engineer @ Quux Technologies Co., Ltd. 2018..2021"},
		{"freelance as a heading", "### Freelance\nWeb Developer — 2015–2018", "Web Developer @ Freelance 2015..2018"},
		{"a sentence of dates", "De enero de 2017 a mayo de 2020. Programador Java en Quux (Barcelona).", "Programador Java @ Quux 2017-01..2020-05"},
		{"an internship", "Software Engineering Intern ¦ Acme ¦ Summer 2018", "Software Engineering Intern @ Acme 2018-06..2018-08"},
		{"German", "seit 03/2021\nSoftwareentwicklerin bei Muster GmbH", "Softwareentwicklerin @ Muster GmbH 2021-03..present"},
		{"French", "Développeuse web — Exemple SARL\ndepuis janvier 2020", "Développeuse web @ Exemple SARL 2020-01..present"},
		{"Spanish", "Ingeniera de software, Ejemplo S.A.\nenero de 2018 - actualidad", "Ingeniera de software @ Ejemplo S.A. 2018-01..present"},
		{"Portuguese", "Desenvolvedor Pleno – Exemplo Ltda\nmar/2019 – atual", "Desenvolvedor Pleno @ Exemplo Ltda 2019-03..present"},
		{"Italian", "Sviluppatore software, Esempio S.r.l., Milano\ngennaio 2018 – oggi", "Sviluppatore software @ Esempio S.r.l. 2018-01..present"},
		{"Dutch", "Softwareontwikkelaar, Voorbeeld B.V.\nmaart 2018 – heden", "Softwareontwikkelaar @ Voorbeeld B.V. 2018-03..present"},
		{"Chinese", "2017年7月 – 至今 某某科技有限公司 后端工程师", "后端工程师 @ 某某科技有限公司 2017-07..present"},
		{"Hebrew", "מהנדס תוכנה, אלמוג מערכות\n03/2021 – היום", "מהנדס תוכנה @ אלמוג מערכות 2021-03..present"},
		{"Arabic", "مهندسة برمجيات، شركة النخيل\n04/2022 – الآن", "مهندسة برمجيات @ شركة النخيل 2022-04..present"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := readLines(t, "Jane Doe\njane@example.org\n\n## Experience\n"+tt.text+"\n\n## Education\nTU Berlin, 2010 – 2013")
			if diff := cmp.Diff(strings.Split(tt.want, "|"), jobs(doc)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSections has how sections are told where a format marks headings, where they stand in a line, and where none are.
func TestSections(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{
			"levels", "# Jane Doe\n## Experience\n### Senior Engineer, Acme\n2019 – 2021\n- x\n### Skills\n- y\n## Education\nTU Berlin, 2013\n## What I care for\nmuch",
			"header:|experience:Experience|education:Education|other:What I care for",
		},
		{"jobs at the level of sections", "# Jane Doe\n## Experience\n## Engineer, Acme\n2019 – 2021\n- x\n## Education\nTU Berlin\n## Skills\nGo", "header:|experience:Experience|education:Education|skills:Skills"},
		{"unmarked words below marked ones", "# Jane\n## Experience\nEngineer, Acme, 2019 – 2021\nTechnologies\nGo\n## Skills\nGo\n## Education\nTU", "header:|experience:Experience|skills:Skills|education:Education"},
		{
			"in a line", "Jane Doe\n\nEXPERIENCE\nEngineer, Acme, 2019 – 2021\n\nEDUCATION\nTU Berlin, 2013\n\nSkills: Go, Rust\nInterests: Chess",
			"header:|experience:EXPERIENCE|education:EDUCATION|skills:Skills|interests:Interests",
		},
		{"a label is none", "Jane Doe\n\nEXPERIENCE\nEngineer, Acme, 2019 – 2021\n\nTechnologies: Go\n\nSKILLS\n\nLanguages: Go, Python\nTools: Docker", "header:|experience:EXPERIENCE|skills:SKILLS"},
		{"jobs before any heading", "Jane Doe\njane@example.org\n\nEngineer, Acme Corp\n2019 – 2021\n- x\n\nEDUCATION\nTU Berlin, 2013", "header:|experience:|education:EDUCATION"},
		{"no headings", "Jane Doe\njane@example.org\n\nEngineer, Acme Corp\n2019 – 2021\n- Built many things.\n\nTU Berlin\nB.Sc. Informatics, 2010 – 2013\n\nGo, Rust, SQL, Docker, Linux", "header:|experience:|education:|skills:"},
		{"nothing but prose", "I worked as a software engineer at Acme from 2015 on.", "other:"},
		{"wide letters", "Jane\n\nEX PERI ENCE\nEngineer, Acme, 2019 – 2021\n\nE D U C A T I O N\nTU", "header:|experience:EXPERIENCE|education:EDUCATION"},
		{"the title of the document", "RESUME\nJane Doe\n\nEXPERIENCE\nEngineer, Acme, 2019 – 2021", "header:|experience:EXPERIENCE"},
		{"talks and not a summary", "Jane\n\nEXPERIENCE\nEngineer, Acme, 2019 – 2021\n\nPRESENTATION\nGopherCon 2019", "header:|experience:EXPERIENCE|publications:PRESENTATION"},
		{"Portuguese", "Ana\n\nResumo\nx\n\nExperiência Profissional\nEngenheira, Acme, 2019 – 2021\n\nFormação Acadêmica\nUSP\n\nIdiomas\nInglês", "header:|summary:Resumo|experience:Experiência Profissional|education:Formação Acadêmica|other:Idiomas"},
		{"traditional Chinese", "林小明\n\n工作經驗\n2019 – 2021 某公司 工程師\n\n學歷\n台灣大學\n\n專業技能\nGo", "header:|experience:工作經驗|education:學歷|skills:專業技能"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range readLines(t, tt.text).Sections {
				got = append(got, string(s.Kind)+":"+s.Heading)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "|")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEducation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"one line", "M.Sc. Informatics, TU Berlin, 2013 - 2016", "M.Sc. Informatics @ TU Berlin 2013..2016"},
		{"school first", "Stanford University — MS Computer Science (2012 – 2014), GPA 3.9", "MS Computer Science @ Stanford University 2012..2014"},
		{"one date is the end", "BSc Mathematics, Harvard University, May 2014", "BSc Mathematics @ Harvard University ..2014-05"},
		{
			"several lines", "University of Bremen ¦ 2012 – 2015\nMaster Digital Media\n- Thesis on scoring, 2015\n\nUniversity of Melbourne ¦ 2009 – 2010\nBachelor of Arts",
			"Master Digital Media @ University of Bremen 2012..2015|Bachelor of Arts @ University of Melbourne 2009..2010",
		},
		{"no word for the school", "Bachelor of Science, Computer Science\nUC Berkeley\n2019", "Bachelor of Science, Computer Science @ UC Berkeley ..2019"},
		{"degrees below one school", "First University, Ohio, USA\n- Ph.D. in Physics ¦ 2009 – 2014\n- M.B.A. ¦ 2007 – 2009", "Ph.D. in Physics @ First University 2009..2014|M.B.A. @ First University 2007..2009"},
		{"German", "10/2012 – 09/2014 ¦ Master of Science Elektrotechnik\nTechnische Hochschule Albtal", "Master of Science Elektrotechnik @ Technische Hochschule Albtal 2012-10..2014-09"},
		{"French", "2013 – 2016 : Diplôme d’ingénieur, École centrale de Lyon", "Diplôme d’ingénieur @ École centrale de Lyon 2013..2016"},
		{"Chinese", "2013年9月 – 2017年6月 某大学 计算机科学 本科", "计算机科学 本科 @ 某大学 2013-09..2017-06"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, e := range readLines(t, "Jane Doe\n\n## Education\n"+tt.text+"\n\n## Skills\nGo").Education {
				got = append(got, fmt.Sprintf("%s @ %s %s..%s", e.Degree, e.Institution, e.Start, e.End))
			}
			if diff := cmp.Diff(strings.Split(tt.want, "|"), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCertifications(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"commas", "## Certifications\nCKA, CNCF, 2021\nRHCE, Red Hat, 2017", "CKA by CNCF 2021|RHCE by Red Hat 2017"},
		{"brackets", "## Certifications\n- AWS Certified Developer (2023)\n- Scrum Master (Scrum.org)", "AWS Certified Developer by  2023|Scrum Master by Scrum.org 0"},
		{"a level behind a dash", "## Certifications\n2023 ¦ AWS Certified Solutions Architect – Associate, Amazon Web Services", "AWS Certified Solutions Architect – Associate by Amazon Web Services 2023"},
		{"three lines each", "## Certifications\nWeb Development\nCodeAcademy\n2020\n\nCloud Developer\nAmazon Web Services\n2019", "Web Development by CodeAcademy 2020|Cloud Developer by Amazon Web Services 2019"},
		{"wrapped", "## Certifications\nCertified Kubernetes\nAdministrator, CNCF, 2021\nRHCE, Red Hat, 2017", "Certified Kubernetes Administrator by CNCF 2021|RHCE by Red Hat 2017"},
		{"by", "## Certifications\nMachine Learning by Coursera, 2019", "Machine Learning by Coursera 2019"},
		{"elsewhere", "## Skills\nGo\nAWS Certified Developer (2023)\n## Experience\nEngineer, Acme, 2019 – 2020\n- Helped 20 people get certified in 2020.", "AWS Certified Developer by  2023"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, c := range readLines(t, "Jane Doe\n\n"+tt.text).Certifications {
				got = append(got, fmt.Sprintf("%s by %s %d", c.Name, c.Issuer, c.Year))
			}
			if diff := cmp.Diff(strings.Split(tt.want, "|"), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2024, time.March, 15, 0, 0, 0, 0, time.UTC)
	at := func(start, end string) resume.Position { return resume.Position{Start: start, End: end} }
	for _, tt := range []struct {
		name      string
		positions []resume.Position
		want      int
	}{
		{"none", nil, 0},
		{"one month", []resume.Position{at("2020-01", "2020-01")}, 1},
		{"the end counts", []resume.Position{at("2020-01", "2020-03")}, 3},
		{"years count in full", []resume.Position{at("2019", "2020")}, 24},
		{"a year and a month", []resume.Position{at("2019", "2020-03")}, 15},
		{"present counts", []resume.Position{at("2024-01", resume.Present)}, 3},
		{"overlap counts once", []resume.Position{at("2020-01", "2020-12"), at("2020-07", "2021-06")}, 18},
		{"one within another", []resume.Position{at("2020-01", "2021-12"), at("2020-07", "2020-09")}, 24},
		{"a gap counts nothing", []resume.Position{at("2020-01", "2020-02"), at("2021-01", "2021-02")}, 4},
		{"no end", []resume.Position{at("2020-05", "")}, 1},
		{"no start", []resume.Position{at("", "2020-05")}, 0},
		{"backwards", []resume.Position{at("2021-05", "2020-05")}, 0},
		{"not begun", []resume.Position{at("2025-01", resume.Present)}, 0},
		{"no date", []resume.Position{at("soon", "later")}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := resume.Months(tt.positions, asOf); got != tt.want {
				t.Errorf("got %d months, want %d", got, tt.want)
			}
		})
	}
}

// TestReversed has dates that run backwards: years in the other order are turned, months within a year are left and told.
func TestReversed(t *testing.T) {
	t.Parallel()
	doc := readLines(t, "Jane Doe\n\n## Experience\nEngineer, Acme, 2021 – 2019\nTester, Hooli, May 2018 – March 2018\n\n## Skills\nGo")
	if diff := cmp.Diff([]string{"Engineer @ Acme 2019..2021", "Tester @ Hooli 2018-05..2018-03"}, jobs(doc)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []resume.Warning{{Code: "dates_reversed", Detail: "Tester ends in 2018-03, before it begins in 2018-05. Check its dates."}}
	if diff := cmp.Diff(want, doc.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// TestColumns has two columns drawn row by row, which are read one after the other, and what looks like them and is not.
func TestColumns(t *testing.T) {
	t.Parallel()
	page := func(cells ...string) pagetext.Page {
		p := pagetext.Page{Width: 600, Height: 800}
		for i, c := range cells {
			l := pagetext.Line{Cells: strings.Split(c, " ¦ "), Apart: i == 0}
			y := 100 + 14*float64(i)
			l.Box = [4]float64{50, y, 50 + 5*float64(len(l.Cells[0])), y + 10}
			if len(l.Cells) > 1 {
				l.Box[2] = 350 + 5*float64(len(l.Cells[1]))
			}
			if strings.HasPrefix(c, "¦ ") {
				l.Cells = []string{c[len("¦ "):]}
				l.Box = [4]float64{350, y, 350 + 5*float64(len(l.Cells[0])), y + 10}
			}
			p.Lines = append(p.Lines, l)
		}
		return p
	}
	for _, tt := range []struct {
		name string
		page pagetext.Page
		want string
	}{
		{
			"columns", page("Jane Doe", "EXPERIENCE ¦ SKILLS", "Engineer ¦ Go, Rust", "Acme Corp ¦ Docker", "2019 - 2021 ¦ Kubernetes", "- Wrote much of it ¦ Git", "- And more ¦ EDUCATION", "Tester ¦ TU Berlin, 2015"),
			"Jane Doe/EXPERIENCE/Engineer/Acme Corp/2019 - 2021/- Wrote much of it/- And more/Tester/SKILLS/Go, Rust/Docker/Kubernetes/Git/EDUCATION/TU Berlin, 2015",
		},
		{
			"columns, each line on its own", page("EXPERIENCE ¦ SKILLS", "Engineer", "¦ Go, Rust", "Acme Corp", "¦ Docker", "2019 - 2021", "¦ Kubernetes", "- Wrote much of it", "¦ Git", "- And more", "¦ Linux", "Tester", "¦ EDUCATION", "Hooli", "¦ TU Berlin"),
			"EXPERIENCE/Engineer/Acme Corp/2019 - 2021/- Wrote much of it/- And more/Tester/Hooli/SKILLS/Go, Rust/Docker/Kubernetes/Git/Linux/EDUCATION/TU Berlin",
		},
		{
			"times at the right margin", page("EXPERIENCE", "Engineer ¦ 2019 - 2021", "Acme ¦ Berlin", "Tester ¦ 2017 - 2019", "Hooli ¦ Paris", "Intern ¦ 2016 - 2017", "Initech ¦ London", "EDUCATION ¦ 2015"),
			"EXPERIENCE/Engineer 2019 - 2021/Acme Berlin/Tester 2017 - 2019/Hooli Paris/Intern 2016 - 2017/Initech London/EDUCATION 2015",
		},
		{
			"labels and values", page("SKILLS", "Languages ¦ Go, Rust, Python", "Tools ¦ Docker", "Cloud ¦ AWS", "Data ¦ PostgreSQL, Kafka", "Methods ¦ Scrum", "Other ¦ Git", "Editors ¦ Vim"),
			"SKILLS/Languages Go, Rust, Python/Tools Docker/Cloud AWS/Data PostgreSQL, Kafka/Methods Scrum/Other Git/Editors Vim",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := readPages(t, tt.page)
			got := strings.Join(strings.FieldsFunc(doc.Text, func(r rune) bool { return r == '\n' }), "/")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
