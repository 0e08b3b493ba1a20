package skill

// The words around an ambiguous word that its features read, folded.

// headNouns make the word before them a technology: "Go developer", "R scripts".
var headNouns = wordSet(`developer developers engineer engineers programmer programmers programming project projects crate crates powered driven language code codebase
	service services microservices backend api apis app apps application applications script scripts scripting library framework server cluster clusters pipeline pipelines
	jobs playbooks recipes cookbooks charts components endpoint endpoints database databases queries macros spreadsheets bot hooks
	page pages dashboard dashboards frontend ui spa site website plugin plugins module modules forms client gateway tables table indexes views knowledge experience skills
	checks suite suites files
	entwickler entwicklerin entwicklung programmierer anwendungen anwendung dienste schnittstelle schnittstellen kenntnisse anbindung anbindungen beschreibung aufrufe
	umgebung umgebungen skripte abfragen migration administration plattform bibliothek komponenten oberfläche oberflächen kurs projekt projekte dienst développeur desarrollador`)

// headsWithoutSpace are head nouns that the rest of the sentence follows without a space: "Go语言", "R言語".
var headsWithoutSpace = []string{"语言", "語言", "言語", "언어", "开发", "開發", "開発", "개발"}

// headNounsBefore are head nouns of languages that put the name after them: "développeur Go".
var headNounsBefore = wordSet(`développeur développeuse développeurs programmeur développement desarrollador desarrolladora desarrolladores programador programadora
	desarrollo entwickler entwicklerin`)

// usedWith stand between an activity and what it is done with.
var usedWith = wordSet(`using in with via on mit avec en con and or und et y e.g. like including written write writes writing wrote knowledge of over through used
	learn learning teach taught aprender apprendre lernen know knows knew knowing master masters mastered mastering`)

// knowing stand between a person and what they know, well or not.
var knowing = wordSet(`know knows knew knowing`)

// grammarBefore stand before verbs and common nouns.
var grammarBefore = wordSet(`the to a an we you i will can could must should would not than more no for from your our their his her its this that all other across
	between multiple various der die das den dem des ein eine einen le les un une el los una engineering development lead led of be is are was and each every who people help helps let`)

// goesOn are words that a verb or a noun goes on with, and the name of a technology seldom.
var goesOn = wordSet(`to than of the a an our your their his her its sure that who whom into it them us this these out up forward ahead live through about beyond
	from when if because quickly fast well all more better use sense am is are was`)

// employedAt stand between a job and who gives it.
var employedAt = wordSet(`at bei chez joined client clients employer customer`)

// worked stand before "for" and an employer.
var worked = wordSet(`work works worked working`)

// organisations are what companies and institutions are called by their last words.
var organisations = wordSet(`corporation corp inc incorporated ltd limited llc llp pvt gmbh ag plc sa india group bank hospital college university school academy
	energy insurance technologies networks logistics foundation store restaurant hotel county street road avenue arena airlines airways motors oil gas health
	healthcare medical center centre church society club festival brewery office consulting staffing partners semiconductor pharmaceuticals holdings financial`)

// firms and firmsBefore are such words that go with no technology, whatever its name.
var (
	firms       = wordSet(`inc incorporated corp corporation gmbh ltd llc plc street road avenue brewery bakery hotel restaurant hospital farm farms office offices`)
	firmsBefore = wordSet(`café cafe hotel restaurant bistro teatro theatre`)
)

// organisationsBefore are what they are called by their first.
var organisationsBefore = wordSet(`named called mr mrs ms miss dr herr frau café cafe restaurant teatro university bank american royal dutch federal hotel st saint mount lake fort port san new north south`)

// places are what an address goes on with.
var places = wordSet(`city county lake river valley springs arizona utah texas california colorado ohio florida georgia illinois michigan indiana virginia maryland
	usa uk india germany france spain canada australia england scotland ireland`)

// states are the codes of states. That of Mississippi is Microsoft to everybody else.
var states = wordSet(`AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC UK USA`)

// conjunctions join the last two items of a list.
var conjunctions = []string{" and ", " or ", " und ", " et ", " y ", " oder ", " ou "}

// labels are the last words of labels that announce a list of skills.
var labels = wordSet(`languages language programming coding frameworks framework libraries tools technologies tech stack databases skills software backend frontend
	domains infrastructure scripting environment rdbms database web devops cloud mobile testing technical platforms systems ide ides
	programmiersprachen sprachen technologien werkzeuge datenbanken kenntnisse langages outils compétences lenguajes herramientas tecnologías`)
