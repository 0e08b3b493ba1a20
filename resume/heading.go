package resume

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// headingWordLists are the words that make a line a heading, with the kind that they give it. Where a heading has several, the one with the
// highest rank decides: "Projects and Experience" has jobs in it, "Skills & Interests" skills.
// English, German, French, Spanish; without accents, as fold leaves them.
var headingWordLists = map[SectionKind]string{
	SectionSummary: `summary profile objective objectives overview about bio biography introduction statement highlights
		zusammenfassung profil kurzprofil uberblick ziele resume sommaire presentation resumen perfil objetivo presentacion`,
	SectionExperience: `experience experiences employment internship internships career jobs volunteering volunteer positions
		berufserfahrung erfahrung erfahrungen praktika praktikum werdegang berufspraxis ehrenamt tatigkeiten anstellungen berufstatigkeit
		experiencia experiencias empleo practicas voluntariado laboral profesional stages stage emplois benevolat volontariat`,
	SectionEducation: `education academics academic studies degrees qualifications schooling coursework courses training trainings
		ausbildung bildung bildungsweg studium schulbildung weiterbildung weiterbildungen hochschulbildung
		formation formations etudes diplomes scolarite educacion estudios formacion cursos academica`,
	SectionSkills: `skills skill skillset competencies competences competencias expertise technologies technology tools proficiencies strengths
		abilities stack fahigkeiten kenntnisse kompetenzen fertigkeiten edv it-kenntnisse faehigkeiten
		habilidades aptitudes conocimientos tecnologias outils savoir-faire connaissances qualites herramientas software`,
	SectionProjects:       `project projects portfolio projekte projekt projets projet proyectos proyecto opensource open-source`,
	SectionCertifications: `certification certifications certificates certificate licenses licences credentials zertifikate zertifizierungen certificaciones certificados certificats`,
	SectionPublications:   `publication publications papers presentations talks patents veroffentlichungen publikationen publicaciones articles conferences conference journals vortrage`,
	SectionAwards:         `award awards honors honours achievements accomplishments scholarships recognition prizes auszeichnungen preise erfolge stipendien prix distinctions recompenses premios logros reconocimientos`,
	SectionInterests:      `interests interest hobbies hobby interessen freizeit loisirs interets intereses aficiones pasatiempos pastimes`,
	SectionOther: `languages language profiles references referees referee contact contacts links memberships membership affiliations activities leadership committees committee
		extracurricular involvement sprachen sprachkenntnisse referenzen kontakt personliches langues references idiomas referencias contacto
		lenguas actividades engagement engagements miscellaneous misc misceláneo miscelaneo sonstiges divers additional details kontaktdaten vereine service writing
		presentation competitions teaching`,
}

// headingRank settles a word that stands in several lists. Higher wins.
var headingRank = map[SectionKind]int{
	SectionOther: 0, SectionInterests: 1, SectionSummary: 2, SectionAwards: 3, SectionPublications: 4, SectionCertifications: 5,
	SectionEducation: 6, SectionProjects: 7, SectionSkills: 8, SectionExperience: 9,
}

// headingFillers may stand beside a heading word without making a sentence of it.
var headingFillers = foldedSet(`work professional relevant additional my selected select key technical core other personal academic and & und et y e a und/oder
	history background industry military research project main areas area of the me in for key recent previous past current prior special specialized
	computer computing software hardware soft hard programming language frameworks libraries platforms databases methods methodologies
	campus community college university school undergraduate graduate postgraduate professional clinical teaching
	qualification summary profile career executive brief short general activities activity extra-curricular extracurricular committee program
	+ / | - open source side freelance independent major notable significant related organisational organizational domain business industrial practical
	exposure entrepreneurial awards honors social paid unpaid part-time full-time international national scholastic development
	beruflicher berufliche berufliches fachliche fachkenntnisse technische personliche schulische akademische weitere besondere sonstige uber mich und/ zu
	it edv meine praktische ausserberufliche
	professionnelle professionnelles professionnel techniques technique personnels personnel academique academiques competence competences et/ou informatiques informatique
	de des du la le les d l centres centre parcours universitaires universitaire langages langage projet activites
	profesional laborales laboral tecnica tecnicas tecnicos academica academicos personales sobre mi en con los las el areas interes
	page continued cont fields expertise professional-level online volunteer leadership positions held employment statement`)

// headingPhrases are headings that their words do not give, or give wrongly.
var headingPhrases = map[string]SectionKind{
	"work": SectionExperience, "work history": SectionExperience, "employment history": SectionExperience, "career history": SectionExperience,
	"professional background": SectionExperience, "industry": SectionExperience, "research": SectionExperience, "volunteer": SectionExperience,
	"teaching": SectionExperience, "vocational": SectionExperience, "professional activities": SectionExperience, "freelance": SectionExperience,
	"research and teaching": SectionExperience, "leadership experience": SectionExperience, "military service": SectionExperience,
	"beruflicher werdegang": SectionExperience, "berufliche stationen": SectionExperience, "arbeitserfahrung": SectionExperience,
	"beruf": SectionExperience, "parcours professionnel": SectionExperience, "parcours": SectionExperience, "vida laboral": SectionExperience,
	"historial laboral": SectionExperience, "vocacional": SectionExperience, "trayectoria profesional": SectionExperience,
	"trayectoria": SectionExperience, "professional": SectionExperience, "emploi": SectionExperience,
	"about me": SectionSummary, "who am i": SectionSummary, "uber mich": SectionSummary, "a propos": SectionSummary, "a propos de moi": SectionSummary,
	"sobre mi": SectionSummary, "career objective": SectionSummary, "career summary": SectionSummary, "professional summary": SectionSummary,
	"executive summary": SectionSummary, "summary of qualifications": SectionSummary, "career profile": SectionSummary,
	"professional profile": SectionSummary, "profil professionnel": SectionSummary, "perfil profesional": SectionSummary,
	"personal statement": SectionSummary, "summary of experience": SectionSummary, "objetivo profesional": SectionSummary,
	"resumen profesional": SectionSummary, "career highlights": SectionSummary, "extracto": SectionSummary, "personal profile": SectionSummary,
	"academic background": SectionEducation, "academic history": SectionEducation, "schulbildung": SectionEducation,
	"parcours universitaire": SectionEducation, "parcours academique": SectionEducation, "academic": SectionEducation,
	"formacion academica": SectionEducation, "professional development": SectionEducation, "undergraduate coursework": SectionEducation,
	"honors and awards": SectionAwards, "scholarships and awards": SectionAwards, "awards and scholarships": SectionAwards,
	"languages and frameworks": SectionSkills, "languages and tools": SectionSkills, "languages and technologies": SectionSkills,
	"programming languages": SectionSkills, "programming": SectionSkills, "languages and software": SectionSkills, "software programs": SectionSkills,
	"tech stack": SectionSkills, "technical proficiencies": SectionSkills, "technical": SectionSkills, "technical background": SectionSkills,
	"computer skills": SectionSkills, "areas of expertise": SectionSkills, "core competencies": SectionSkills, "it skills": SectionSkills,
	"conocimientos de computacion": SectionSkills, "langages": SectionSkills, "informatique": SectionSkills, "techniques": SectionSkills,
	"open source": SectionProjects, "open source contributions": SectionProjects, "contributions": SectionProjects,
	"side projects": SectionProjects, "master thesis": SectionProjects, "thesis": SectionProjects, "tesis de maestria": SectionProjects,
	"licenses and certifications": SectionCertifications, "centres d'interet": SectionInterests, "centres d interet": SectionInterests,
	"extracurricular activities": SectionOther, "extracurricular activity": SectionOther, "volunteer activities": SectionExperience,
	"leadership": SectionOther, "other information": SectionOther, "additional information": SectionOther, "other": SectionOther,
	"personal information": SectionOther, "personal details": SectionOther, "program committees": SectionOther, "professional affiliations": SectionOther,
	"professional affiliations and activities": SectionOther, "campus activities": SectionOther, "informacion adicional": SectionOther,
	"informations complementaires": SectionOther, "languages": SectionOther, "language skills": SectionOther, "sprachkenntnisse": SectionOther,
	"soft skills": SectionSkills, "honors": SectionAwards, "patents": SectionPublications,
}

// hanHeadingLists are Chinese headings, matched as a whole once spaces and marks are gone.

var hanHeadingLists = map[SectionKind]string{
	SectionExperience: `工作经历 工作经验 工作履历 职业经历 职业经验 实习经历 实习经验 实践经历 社会实践 工作背景 实习 工作 志愿者经历 志愿经历 校园经历 在校经历 工作與經驗 工作經歷
		工作經驗 實習經歷 科研经历 研究经历 职业生涯 职业履历 实习及工作经历 工作及实习经历`,
	SectionEducation:      `教育经历 教育背景 学历 教育 学习经历 学历背景 培训经历 教育及培训 主修课程 相关课程 教育經歷 學歷 教育背景與學歷 教育信息 在校学习`,
	SectionSkills:         `技能 专业技能 职业技能 技术栈 技能清单 掌握技能 个人技能 技术能力 专业能力 核心技能 技术技能 技能特长 it技能 技能与工具 專業技能 技術能力 相关技能 技能证书 技能专长 技术 核心能力 能力 技能评价`,
	SectionProjects:       `项目 项目经历 项目经验 项目 开源项目 科研项目 个人项目 项目展示 主要项目 專案經歷 專案 项目实践 开源贡献 项目作品 作品 个人作品`,
	SectionSummary:        `个人简介 自我评价 个人总结 自我介绍 个人概述 简介 求职意向 个人评价 关于我 职业目标 個人簡介 自我評價 求职目标 个人优势 职业概述 个人优点`,
	SectionAwards:         `获奖情况 荣誉奖项 获奖经历 奖项 荣誉 所获奖项 获奖 荣誉与奖项 奖励 奖学金 获奖荣誉 竞赛经历 获奖及荣誉 所获荣誉 個人榮譽`,
	SectionCertifications: `证书 资格证书 职业证书 认证 技能认证 證照 资质证书`,
	SectionPublications:   `论文 发表论文 学术成果 出版物 论文发表 专利 学术论文 著作`,
	SectionInterests:      `兴趣爱好 爱好 兴趣 個人興趣 兴趣特长`,
	SectionOther:          `个人信息 基本信息 联系方式 其他 其它 语言 语言能力 联系我 个人资料 其他信息 附加信息 基本资料 外语能力 自我描述 社交 链接 社区`,
}

func headingTables() (words, han map[string]SectionKind) {
	words, han = map[string]SectionKind{}, map[string]SectionKind{}
	for kind, list := range headingWordLists {
		for w := range strings.FieldsSeq(list) {
			w = fold(w)
			if old, ok := words[w]; !ok || headingRank[kind] > headingRank[old] {
				words[w] = kind
			}
		}
	}
	for kind, list := range hanHeadingLists {
		for w := range strings.FieldsSeq(list) {
			if old, ok := han[w]; !ok || headingRank[kind] > headingRank[old] {
				han[w] = kind
			}
		}
	}
	return words, han
}

func foldedSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[fold(w)] = true
	}
	return set
}

// fold lowers and takes accents off: headings in capitals are often written without them.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// headingText is a line without what decorates a heading: markdown, rules, numbering, an icon before it, a colon after it.
func headingText(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("#*_=~-–—:|•·●■□▪◆◇★☆>»«：【】[]()<►▶", r) || unicode.Is(unicode.So, r)
	})
	if head, rest, ok := strings.Cut(s, " "); ok && numbering(head) {
		s = rest
	}
	return s
}

// numbering is true for "1.", "2)", "III.", "A." and for the one stray letter or sign that an icon font leaves.
func numbering(s string) bool {
	stem := strings.TrimRight(s, ".)")
	if stem == "" || len(stem) > 4 {
		return false
	}
	if stem != s {
		return strings.Trim(stem, "0123456789IVX") == "" || len(stem) == 1
	}
	r := []rune(s)
	return len(r) == 1 && !unicode.IsLetter(r[0]) && !unicode.IsDigit(r[0])
}

// headingKind is the kind of section that a line names, if all it does is name one.
func headingKind(s string, v *vocabulary) (SectionKind, bool) {
	s = headingText(s)
	if s == "" || len(s) > 60 {
		return "", false
	}
	if hasHan(s) {
		kind, ok := v.han[strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || unicode.IsPunct(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, s)]
		return kind, ok
	}
	folded := strings.NewReplacer("&", " and ", "/", " and ", "+", " and ", "’", "'", " und ", " and ", " et ", " and ", " y ", " and ").Replace(fold(s))
	folded = strings.NewReplacer(",", " and ", ":", " ").Replace(folded)
	tokens := slices.CompactFunc(strings.Fields(folded), func(a, b string) bool { return a == "and" && b == "and" })
	if len(tokens) == 0 || len(tokens) > 7 {
		return "", false
	}
	if kind, ok := headingPhrases[strings.Join(tokens, " ")]; ok {
		return kind, true
	}
	return kindOfTokens(tokens, v)
}

// kindOfTokens asks that every word be one of headings. The first part decides ("Skills & Interests"), in it the last word ("Project
// Experience"); but jobs are never left out of a heading that is about them and about school.
func kindOfTokens(tokens []string, v *vocabulary) (kind SectionKind, found bool) {
	settled := false
	for _, t := range tokens {
		t = strings.Trim(t, ".'()")
		k, is := v.words[t]
		switch {
		case t == "" || !is && headingFillers[t] && t != "and":
		case t == "and":
			settled = found
		case !is:
			return "", false
		case !settled || k == SectionExperience && (kind == SectionEducation || kind == SectionSummary):
			kind, found = k, true
		}
	}
	return kind, found
}

// vocabulary is the heading words by word. It is made once for a document: there is no global state to make it in.
type vocabulary struct{ words, han map[string]SectionKind }

func newVocabulary() *vocabulary {
	words, han := headingTables()
	return &vocabulary{words: words, han: han}
}

func hasHan(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}
