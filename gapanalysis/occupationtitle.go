package gapanalysis

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// titleWord is one word of a text in which titles are looked for.
type titleWord struct {
	folded  string // lower case, with the forms of one word made one
	capital bool   // begins with a capital or consists of them
	joined  bool   // nothing but white space, a slash, a hyphen or an ampersand stands between it and the word before
}

// titleWords are the words of a text.
func titleWords(text string) []titleWord {
	var out []titleWord
	gap, begin := "", -1
	joined := false
	flush := func(end int) {
		if begin < 0 {
			return
		}
		w := strings.TrimRight(text[begin:end], ".'’")
		if w == "" {
			begin = -1
			return
		}
		first := firstRune(strings.TrimLeft(w, "."))
		out = append(out, titleWord{folded: foldTitle(strings.ToLower(w)), capital: unicode.IsUpper(first), joined: joined})
		gap, begin = text[begin+len(w):end], -1
	}
	for i, r := range text {
		inWord := unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#' || r == '.' || r == '\''
		switch {
		case inWord && begin < 0:
			begin, joined = i, closeGap(gap)
		case !inWord && begin >= 0:
			flush(i)
			gap += string(r)
		case !inWord:
			gap += string(r)
		}
	}
	flush(len(text))
	return out
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// closeGap is true for what may stand between the words of one title.
func closeGap(gap string) bool {
	return len(gap) <= 4 && strings.Trim(gap, " \t\n\u00a0/-–&") == ""
}

// foldTitle makes the forms of one word of a title one word. Plurals of the people stay what they are: "developers" is nobody's title.
func foldTitle(w string) string {
	if to, ok := titleForms()[w]; ok {
		return to
	}
	return w
}

var titleForms = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"systems": "system", "networks": "network", "databases": "database", "projects": "project", "applications": "application", "servers": "server",
		"admin": "administrator", "sysadmin": "sysadmin", "frontend": "front", "programs": "program",
		"j2ee": "java", "jee": "java", "java/j2ee": "java", "cyber": "security", "cybersecurity": "security", "infosec": "security", "soc": "security",
		"website": "web", "websites": "web", "sqlserver": "sql", "pl": "sql", "tsql": "sql", "programme": "program",
	}
})

// A titleRule gives what a word in a title says of the ten occupations, for each kind of head that it stands before.
type titleRule map[string]float64

// What titles say, as shares of certainty. They are editorial: what a recruiter who files under ten headings makes of each title.
// The words before developer, engineer, programmer and the like:
func developerRules() map[string]titleRule {
	web, front, soft := WebDeveloper, FrontEndDeveloper, SoftwareDeveloper
	return map[string]titleRule{
		"java": {JavaDeveloper: 1, soft: 0.35}, "spring": {JavaDeveloper: 0.8, soft: 0.3}, "python": {PythonDeveloper: 1, soft: 0.35}, "django": {PythonDeveloper: 0.9, web: 0.3},
		"front": {front: 1, web: 0.3}, "ui": {front: 0.9, web: 0.3}, "angular": {front: 0.8, web: 0.2}, "angularjs": {front: 0.8, web: 0.2}, "react": {front: 0.8, web: 0.2},
		"javascript": {front: 0.7, web: 0.4}, "ux": {front: 0.5}, "html": {front: 0.5, web: 0.5}, "web": {web: 1}, "php": {web: 0.8, soft: 0.3}, "wordpress": {web: 0.9},
		"drupal": {web: 0.9}, "magento": {web: 0.7}, "stack": {soft: 0.6, web: 0.5, front: 0.3}, "fullstack": {soft: 0.6, web: 0.5, front: 0.3},
		"software": {soft: 1}, "application": {soft: 0.9}, "net": {soft: 0.8}, ".net": {soft: 0.8}, "c#": {soft: 0.85}, "c++": {soft: 0.9}, "c": {soft: 0.7}, "backend": {soft: 0.8},
		"back": {soft: 0.8}, "mobile": {soft: 0.7}, "android": {soft: 0.75}, "ios": {soft: 0.75}, "embedded": {soft: 0.7}, "ruby": {soft: 0.7}, "rails": {soft: 0.7},
		"golang": {soft: 0.8}, "scala": {soft: 0.7}, "node.js": {soft: 0.6, web: 0.3}, "game": {soft: 0.6}, "salesforce": {soft: 0.6}, "sharepoint": {soft: 0.5, web: 0.2},
		"mainframe": {soft: 0.7}, "cobol": {soft: 0.7}, "hadoop": {soft: 0.5}, "data": {soft: 0.3, DatabaseAdministrator: 0.2}, "etl": {soft: 0.35, DatabaseAdministrator: 0.35},
		"bi": {soft: 0.3, DatabaseAdministrator: 0.3}, "sql": {DatabaseAdministrator: 0.55, soft: 0.35}, "oracle": {DatabaseAdministrator: 0.45, soft: 0.4},
		"database": {DatabaseAdministrator: 0.8, soft: 0.15}, "network": {NetworkAdministrator: 0.95}, "system": {SystemsAdministrator: 0.8},
		"infrastructure": {SystemsAdministrator: 0.6, NetworkAdministrator: 0.35}, "linux": {SystemsAdministrator: 0.85}, "unix": {SystemsAdministrator: 0.85},
		"windows": {SystemsAdministrator: 0.85}, "vmware": {SystemsAdministrator: 0.85}, "virtualization": {SystemsAdministrator: 0.7}, "server": {SystemsAdministrator: 0.8},
		"storage": {SystemsAdministrator: 0.5}, "devops": {SystemsAdministrator: 0.4, soft: 0.35}, "cloud": {SystemsAdministrator: 0.35, soft: 0.3},
		"support": {SystemsAdministrator: 0.35, NetworkAdministrator: 0.15}, "desktop": {SystemsAdministrator: 0.4}, "security": {SecurityAnalyst: 0.9},
		"qa": {soft: 0.3}, "test": {soft: 0.3}, "automation": {soft: 0.3}, "noc": {NetworkAdministrator: 0.7}, "wireless": {NetworkAdministrator: 0.6}, "voip": {NetworkAdministrator: 0.6},
		"cisco": {NetworkAdministrator: 0.9}, "project": {ITProjectManager: 0.4}, "it": {SystemsAdministrator: 0.3}, "programmer": {soft: 0.8}, "telecom": {NetworkAdministrator: 0.4},
	}
}

// The words before administrator, specialist and technician, who look after what others have made:
func administratorRules() map[string]titleRule {
	sys, net, db := SystemsAdministrator, NetworkAdministrator, DatabaseAdministrator
	return map[string]titleRule{
		"database": {db: 1}, "data": {db: 0.4}, "sql": {db: 0.9}, "oracle": {db: 0.8}, "mysql": {db: 0.9}, "db2": {db: 0.9}, "sybase": {db: 0.9}, "postgresql": {db: 0.9},
		"mongodb": {db: 0.9}, "dba": {db: 1}, "network": {net: 1}, "lan": {net: 0.9}, "wan": {net: 0.9}, "cisco": {net: 0.9}, "noc": {net: 0.7}, "telecom": {net: 0.4},
		"telecommunications": {net: 0.4}, "wireless": {net: 0.6}, "system": {sys: 1}, "linux": {sys: 1}, "unix": {sys: 1}, "solaris": {sys: 0.95}, "aix": {sys: 0.95}, "windows": {sys: 1},
		"server": {sys: 0.95}, "it": {sys: 0.7}, "vmware": {sys: 0.9}, "infrastructure": {sys: 0.7, net: 0.3}, "exchange": {sys: 0.7}, "citrix": {sys: 0.8}, "storage": {sys: 0.6},
		"active": {sys: 0.7}, "sharepoint": {sys: 0.5}, "aws": {sys: 0.6}, "cloud": {sys: 0.6}, "sccm": {sys: 0.7}, "computer": {sys: 0.5}, "desktop": {sys: 0.4}, "support": {sys: 0.35},
		"security": {SecurityAnalyst: 0.8}, "web": {WebDeveloper: 0.4, sys: 0.2}, "application": {sys: 0.5}, "middleware": {sys: 0.5}, "weblogic": {sys: 0.5}, "jira": {sys: 0.3},
		"technology": {sys: 0.4}, "devops": {sys: 0.5}, "assurance": {SecurityAnalyst: 0.8}, "project": {ITProjectManager: 0.4}, "backup": {sys: 0.6}, "salesforce": {sys: 0.3},
	}
}

// The words before analyst:
func analystRules() map[string]titleRule {
	return map[string]titleRule{
		"security": {SecurityAnalyst: 1}, "threat": {SecurityAnalyst: 0.9}, "vulnerability": {SecurityAnalyst: 0.9}, "assurance": {SecurityAnalyst: 0.7}, "intrusion": {SecurityAnalyst: 0.9},
		"forensic": {SecurityAnalyst: 0.6}, "siem": {SecurityAnalyst: 0.9}, "iam": {SecurityAnalyst: 0.6}, "fraud": {SecurityAnalyst: 0.2}, "malware": {SecurityAnalyst: 0.8},
		"programmer": {SoftwareDeveloper: 0.8}, "software": {SoftwareDeveloper: 0.5}, "application": {SoftwareDeveloper: 0.4}, "system": {SystemsAdministrator: 0.45, SoftwareDeveloper: 0.2},
		"network": {NetworkAdministrator: 0.75}, "noc": {NetworkAdministrator: 0.6}, "database": {DatabaseAdministrator: 0.65}, "sql": {DatabaseAdministrator: 0.6},
		"data": {DatabaseAdministrator: 0.2}, "business": {ITProjectManager: 0.25}, "project": {ITProjectManager: 0.5}, "support": {SystemsAdministrator: 0.3},
		"desk": {SystemsAdministrator: 0.25}, "desktop": {SystemsAdministrator: 0.35}, "infrastructure": {SystemsAdministrator: 0.5}, "it": {SystemsAdministrator: 0.35}, "web": {WebDeveloper: 0.4},
	}
}

// The words before manager, lead, coordinator, director and owner:
func managerRules() map[string]titleRule {
	return map[string]titleRule{
		"project": {ITProjectManager: 1}, "program": {ITProjectManager: 0.75}, "pmo": {ITProjectManager: 0.8}, "delivery": {ITProjectManager: 0.6}, "product": {ITProjectManager: 0.35},
		"scrum": {ITProjectManager: 0.7}, "implementation": {ITProjectManager: 0.5}, "portfolio": {ITProjectManager: 0.6}, "technical": {ITProjectManager: 0.2}, "release": {ITProjectManager: 0.3},
		"it": {SystemsAdministrator: 0.35, ITProjectManager: 0.4}, "network": {NetworkAdministrator: 0.7}, "system": {SystemsAdministrator: 0.6}, "database": {DatabaseAdministrator: 0.7},
		"security": {SecurityAnalyst: 0.7}, "infrastructure": {SystemsAdministrator: 0.5, NetworkAdministrator: 0.25}, "software": {SoftwareDeveloper: 0.5, ITProjectManager: 0.3},
		"development": {SoftwareDeveloper: 0.5, ITProjectManager: 0.2}, "java": {JavaDeveloper: 0.9, SoftwareDeveloper: 0.35}, "python": {PythonDeveloper: 0.9}, "front": {FrontEndDeveloper: 0.8},
		"ui": {FrontEndDeveloper: 0.7}, "web": {WebDeveloper: 0.6}, "dba": {DatabaseAdministrator: 1}, "application": {SoftwareDeveloper: 0.4}, "desk": {SystemsAdministrator: 0.3},
	}
}

// titleHead is the kind of a title by its last word.
type titleHead struct {
	rules map[string]titleRule
	alone titleRule // what the word says with no other that counts before it
	scale float64
}

var titleHeads = sync.OnceValue(func() map[string]titleHead {
	dev, adm, ana, man := developerRules(), administratorRules(), analystRules(), managerRules()
	return map[string]titleHead{
		"developer": {dev, titleRule{SoftwareDeveloper: 0.5}, 1}, "engineer": {dev, nil, 1}, "programmer": {dev, titleRule{SoftwareDeveloper: 0.8}, 1}, "architect": {dev, nil, 0.75},
		"consultant": {dev, nil, 0.7}, "designer": {map[string]titleRule{
			"web": {WebDeveloper: 0.8, FrontEndDeveloper: 0.35}, "ui": {FrontEndDeveloper: 0.5}, "ux": {FrontEndDeveloper: 0.4}, "front": {FrontEndDeveloper: 0.8}, "database": {DatabaseAdministrator: 0.6},
			"software": {SoftwareDeveloper: 0.8}, "network": {NetworkAdministrator: 0.7},
		}, nil, 1},
		"administrator": {adm, nil, 1}, "dba": {nil, titleRule{DatabaseAdministrator: 1}, 1}, "sysadmin": {nil, titleRule{SystemsAdministrator: 1}, 1},
		"webmaster": {nil, titleRule{WebDeveloper: 0.8}, 1}, "specialist": {adm, nil, 0.75}, "technician": {adm, nil, 0.7}, "analyst": {ana, nil, 1}, "officer": {map[string]titleRule{
			"security": {SecurityAnalyst: 0.7}, "project": {ITProjectManager: 0.5},
		}, nil, 1},
		"manager": {man, nil, 1}, "lead": {man, nil, 0.8}, "leader": {man, nil, 0.7}, "coordinator": {man, nil, 0.65}, "director": {man, nil, 0.5}, "master": {man, nil, 1},
	}
})

// titleFiller may stand inside a title without saying which occupation it is.
func titleFiller(w string) bool {
	switch w {
	case "senior", "sr", "junior", "jr", "lead", "principal", "staff", "chief", "associate", "assistant", "and", "end", "full", "master", "technical", "it", "information",
		"technology", "level", "ii", "iii", "i", "iv", "intern", "contract", "freelance", "core", "agile", "certified", "help", "server", "core-java", "enterprise", "engineer",
		"developer", "designer", "administrator", "analyst", "programmer", "consultant", "of", "development", "support", "operations", "center", "service", "services", "directory", "digital":
		return true
	}
	return false
}

// generalTitle is what the title of a narrower developer says of a software developer at most.
const generalTitle = 0.35

// maxTitleWords bounds how far before its last word a title can begin.
const maxTitleWords = 6

// titleSays is what the words of one title, the head last, say of the occupations. Of several words for one occupation the surest counts.
func titleSays(words []string, heads map[string]titleHead) titleRule {
	out := titleRule{}
	if len(words) == 0 {
		return out
	}
	head, ok := heads[words[len(words)-1]]
	if !ok {
		return out
	}
	for i, w := range words[:len(words)-1] {
		if w == "system" && i+2 < len(words) && words[i+1] == "software" || w == "it" && len(words) > i+2 && head.rules[words[i+1]] != nil {
			continue // an embedded programmer's, and a word that only says the trade
		}
		if w == "server" && i > 0 && words[i-1] == "sql" {
			continue // a product's name
		}
		for o, v := range head.rules[w] {
			out[o] = max(out[o], v*head.scale)
		}
	}
	if len(out) == 0 {
		maps.Copy(out, head.alone)
	}
	if out[JavaDeveloper] > 0.5 || out[PythonDeveloper] > 0.5 || out[FrontEndDeveloper] > 0.6 || out[WebDeveloper] > 0.6 {
		if slices.Contains(words, "software") { // "Java Software Engineer" is both; "Java Application Developer" is the narrower
			return out
		}
		if out[SoftwareDeveloper] > generalTitle {
			out[SoftwareDeveloper] = generalTitle
		}
	}
	return out
}

// Titles found in the running text count less the more they are part of a sentence.
const (
	titleAlone  = 1.0  // between others' words, capitalised, as scraped resumes have them
	titleAsThat = 0.5  // "as a Java Developer", "experienced web developer"
	titleOther  = 0.06 // "with the project manager": somebody else
	titleSmall  = 0.12 // in small letters inside a sentence
	titleFirst  = 1.0  // added to what stands at the very beginning: the headline
	firstWords  = 8    // words that are the beginning
)

// titleEvidence sums what titles say: those of the positions and those anywhere in the text. What titles only imply of an occupation adds up
// no further than impliedMost: ten Java developer's posts do not make a software developer's. Nor do mentions in passing beyond asideMost.
func titleEvidence(titles []string, text string) titleRule {
	heads := titleHeads()
	plain, implied, aside := titleRule{}, titleRule{}, titleRule{}
	add := func(words []titleWord, weight func(foundTitle) float64) {
		for _, found := range titlesAmong(words, heads) {
			w := weight(found)
			for o, v := range titleSays(found.words, heads) {
				switch {
				case w < titleAsThat:
					aside[o] += v * w
				case v < impliedBelow:
					implied[o] += v * w
				default:
					plain[o] += v * w
				}
			}
		}
	}
	weight := 1.0
	for _, t := range titles {
		add(titleWords(t), func(foundTitle) float64 { return max(titleAsThat, weight*titleDuplicate) })
		weight *= titleDecay
	}
	add(titleWords(text), func(f foundTitle) float64 { return f.weight })
	folded := strings.ToLower(strings.Join(titles, " | ") + " | " + text)
	for phrase, says := range otherLanguages() {
		if strings.Contains(folded, phrase) {
			for o, v := range says {
				plain[o] = max(plain[o], v)
			}
		}
	}
	for o, v := range implied {
		plain[o] += min(v, impliedMost)
	}
	for o, v := range aside {
		plain[o] += min(v, asideMost)
	}
	return plain
}

// otherLanguages are titles in German, French and Spanish, which put words together or behind one another. They are looked for as they stand.
var otherLanguages = sync.OnceValue(func() map[string]titleRule {
	out := map[string]titleRule{}
	for o, phrases := range map[string]string{
		SoftwareDeveloper:     "softwareentwickler,software-entwickler,anwendungsentwickler,.net-entwickler,c#-entwickler,développeur logiciel,ingénieur logiciel,développeur d'applications,développeur back,desarrollador de software,ingeniero de software,desarrollador .net,desarrollador backend,développeur .net,backend-entwickler",
		FrontEndDeveloper:     "frontend-entwickler,front-end-entwickler,développeur front,développeuse front,desarrollador front,desarrolladora front,intégrateur web",
		WebDeveloper:          "webentwickler,web-entwickler,php-entwickler,développeur web,développeuse web,développeur php,développeuse php,développeur symfony,desarrollador web,desarrolladora web,desarrollador php,programador web,webdesigner",
		PythonDeveloper:       "python-entwickler,développeur python,développeuse python,desarrollador python,desarrolladora python,programador python",
		JavaDeveloper:         "java-entwickler,développeur java,développeuse java,ingénieur java,desarrollador java,desarrolladora java,programador java",
		NetworkAdministrator:  "netzwerkadministrator,netzwerktechniker,netzwerkingenieur,administrateur réseau,ingénieur réseau,administrador de redes,ingeniero de redes,ingeniera de redes,técnico de redes",
		SystemsAdministrator:  "systemadministrator,systemadministratorin,it-administrator,fachinformatiker systemintegration,administrateur système,administrateur systèmes,administrador de sistemas,administradora de sistemas",
		DatabaseAdministrator: "datenbankadministrator,administrateur de bases de données,administrateur base de données,administrador de bases de datos,administradora de bases de datos",
		SecurityAnalyst:       "sicherheitsanalyst,it-sicherheitsbeauftragte,analyste sécurité,analyste cybersécurité,analyste soc,analista de seguridad,analista de ciberseguridad", //nolint:misspell // French
		ITProjectManager:      "projektleiter,projektleiterin,projektmanager,chef de projet,cheffe de projet,jefe de proyecto,jefa de proyecto,gestor de proyectos",
	} {
		for p := range strings.SplitSeq(phrases, ",") {
			out[p] = titleRule{o: 1}
		}
	}
	return out
})

// What a title implies and does not say, and what sentences say in passing.
const (
	impliedBelow = 0.45 // share from which on it is said
	impliedMost  = 0.75
	asideMost    = 0.25
)

// titleDuplicate is what a position's title adds, since the text that it stands in has been looked through too.
const titleDuplicate = 0.6

type foundTitle struct {
	words  []string
	weight float64
}

// titlesAmong finds the titles in words: a head with the words before it that can belong to one.
func titlesAmong(words []titleWord, heads map[string]titleHead) []foundTitle {
	var out []foundTitle
	for i, w := range words {
		head, ok := heads[w.folded]
		if !ok || head.scale == 0 {
			continue
		}
		if i+1 < len(words) && words[i+1].joined && words[i+1].capital == w.capital && heads[words[i+1].folded].scale > 0 && words[i+1].folded != w.folded {
			continue // "Programmer Analyst": the second is the head
		}
		begin := i
		for begin > 0 && i-begin < maxTitleWords && words[begin].joined {
			p := words[begin-1]
			if head.rules[p.folded] == nil && !titleFiller(p.folded) || begin < i && heads[p.folded].scale > 0 && p.folded != "lead" && p.folded != "master" {
				break
			}
			begin--
		}
		list := make([]string, 0, i-begin+1)
		for _, t := range words[begin : i+1] {
			list = append(list, t.folded)
		}
		out = append(out, foundTitle{list, titleWeight(words, begin, i)})
	}
	return out
}

// titleWeight judges by what stands before a title whether it is the person's own.
func titleWeight(words []titleWord, begin, end int) float64 {
	before := ""
	if begin > 0 {
		before = words[begin-1].folded
	}
	weight := titleAlone
	switch before {
	case "as", "a", "an", "experienced", "skilled", "seasoned", "am", "certified", "dedicated", "motivated", "position", "role":
		weight = titleAsThat
	case "with", "by", "to", "from", "the", "other", "our", "their", "between", "for", "under", "of", "reporting", "assist", "assisted", "team", "or", "client's":
		weight = titleOther
	default:
		if !words[end].capital {
			weight = titleSmall
			if begin == 0 || end+1 < len(words) && words[end+1].capital {
				weight = titleAsThat
			}
		}
	}
	if end < firstWords {
		weight += titleFirst * math.Min(1, weight)
	}
	return weight
}

// TitleOccupations is what a title alone says of the ten occupations, each in (0, 1], and whether it is a title at all: it has a word that
// names somebody by their work.
func TitleOccupations(title string) (says map[string]float64, isTitle bool) {
	heads := titleHeads()
	says = map[string]float64{}
	for _, found := range titlesAmong(titleWords(title), heads) {
		isTitle = true
		for o, v := range titleSays(found.words, heads) {
			says[o] = max(says[o], v)
		}
	}
	return says, isTitle
}
