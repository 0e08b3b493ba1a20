package resume

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// titleWords tell the title of a job from the name of an employer, folded: English, then German, French, Spanish, Portuguese, Italian, Dutch,
// Hebrew and Arabic.
var titleWords = foldedSet(`engineer developer programmer architect manager analyst intern internship consultant director president lead leader head
	scientist designer assistant officer specialist administrator coordinator co-ordinator vp svp evp avp cto ceo cfo coo cio ciso cpo cmo founder cofounder co-founder owner teacher nurse
	professor researcher fellow trainee apprentice associate advisor adviser supervisor technician operator accountant auditor lawyer attorney editor writer
	author journalist recruiter tester sre devops dba sysadmin admin strategist planner buyer clerk cashier driver mechanic contractor freelancer freelance
	contributor employee maintainer mentor tutor instructor lecturer trainer coach executive principal representative agent secretary volunteer member chair chairman
	chairperson treasurer captain chef cook waiter waitress barista receptionist producer animator illustrator photographer translator student postdoc postdoctoral
	ta ra swe sde sdet pm qa partner investigator statistician economist physicist chemist biologist pharmacist physician therapist counselor counsellor marketer
	master steward evangelist advocate expert creator builder hacker responsible copywriter webmaster controller bookkeeper paralegal librarian surveyor
	electrician plumber welder carpenter machinist dispatcher foreman inspector merchandiser stylist bartender host hostess caretaker caregiver nanny paramedic
	pilot artist musician actor videographer geologist mathematician actuary underwriter broker trader banker teller salesperson salesman seller promoter
	practitioner facilitator scrum ambassador delegate judge clinician veterinarian dentist surgeon resident attendant janitor gardener guard soldier sergeant
	lieutenant commander title undergraduate postgraduate graduate webdesigner sysop integrator annotator moderator curator keeper
	entwickler entwicklerin softwareentwickler softwareentwicklerin ingenieur ingenieurin praktikant praktikantin praktikum werkstudent werkstudentin leiter leiterin leitung
	teamleiter berater beraterin geschaftsfuhrer geschaftsfuhrerin mitarbeiter mitarbeiterin projektleiter projektleiterin administratorin architektin sachbearbeiter sachbearbeiterin referent
	referentin fachinformatiker fachinformatikerin informatiker informatikerin auszubildender auszubildende azubi assistent assistentin gruppenleiter abteilungsleiter lehrer lehrerin hilfskraft
	softwareingenieur programmierer programmiererin techniker technikerin trainerin doktorand doktorandin dozent dozentin tutorin kaufmann kauffrau aushilfe
	freiberufler freiberuflerin freiberuflich selbststandig selbstandig verkaufer verkauferin konstrukteur konstrukteurin inhaber grunder grunderin gestalter
	gestalterin buchhalter buchhalterin beauftragter beauftragte redakteur redakteurin meister volontar volontarin trainee forscher analystin managerin entwicklungsingenieur
	systemadministrator sekretarin pfleger krankenschwester
	developpeur developpeuse ingenieur ingenieure ingenieure stagiaire stage chef cheffe responsable consultante directeur directrice charge chargee technicien technicienne
	alternant alternante apprenti apprentie assistante gestionnaire analyste concepteur conceptrice enseignant enseignante formateur formatrice architecte administrateur
	administratrice redacteur redactrice comptable vendeur vendeuse conseiller conseillere independant independante benevole employe employee ouvrier serveur serveuse
	animateur animatrice professeur professeure chercheur chercheuse doctorant doctorante programmeur directeurs coordinateur coordinatrice coordonnateur integrateur
	graphiste infirmier infirmiere secretaire testeur testeuse pilote ingenieurs fondateur cofondateur gerant cadre auditeur acheteur
	desarrollador desarrolladora ingeniero ingeniera gerente becario becaria analista consultor consultora jefe jefa director directora tecnico tecnica
	programador programadora profesor profesora arquitecto arquitecta practicante disenador disenadora coordinador coordinadora administrador administradora encargado encargada puesto
	responsable lider auxiliar asistente asesor asesora docente investigador investigadora contador contadora vendedor vendedora autonomo autonoma fundador voluntario voluntaria
	especialista operario camarero camarera dependiente ayudante redactor redactora monitor supervisor supervisora ejecutivo abogado enfermera cientifico cientifica pasante
	desenvolvedor desenvolvedora engenheiro engenheira estagiario estagiaria estagio programador gestor gestora diretor diretora gerente tecnico tecnica analista lider
	professor professora arquiteto arquiteta coordenador coordenadora assistente consultor pesquisador pesquisadora vendedor bolsista fundador voluntario especialista cientista
	administrador supervisor chefe cargo encarregado aprendiz monitor responsavel socio socia designer
	sviluppatore sviluppatrice ingegnere programmatore programmatrice tirocinante stagista responsabile direttore direttrice consulente tecnico analista impiegato impiegata
	architetto progettista capo coordinatore coordinatrice insegnante docente ricercatore ricercatrice assistente addetto addetta amministratore collaboratore collaboratrice
	commesso commessa cameriere cameriera fondatore fondatrice libero dottorando dottoranda borsista sistemista grafico titolare apprendista segretaria contabile volontario
	ontwikkelaar softwareontwikkelaar ingenieur stagiair stagiaire leider teamleider teamleidster hoofd adviseur consultant beheerder systeembeheerder medewerker medewerkster
	docent onderzoeker projectleider programmeur ontwerper analist architect leraar lerares oprichter eigenaar zzp zzp'er manager vrijwilliger vrijwilligster trainee directeur
	coordinator boekhouder verkoper verkoopmedewerker monteur specialist werkstudent tester assistente begeleider
	מהנדס מהנדסת מפתח מפתחת מנהל מנהלת בודק בודקת ראש אנליסט אנליסטית מעצב מעצבת יועץ יועצת מתמחה מתכנת מתכנתת ארכיטקט סטודנט חוקר חוקרת מרצה מדריך מורה סמנכל טכנאי רכז ראשת אחראי אחראית מתאם מתאמת נציג נציגה
	operative generalist staff labourer laborer infantryman airman reporter interpreter hygienist midwife physiotherapist psychologist worker caseworker pastor trustee lifeguard
	babysitter courier rider concierge housekeeper cleaner farmer comptroller adjuster solicitor barrister detective firefighter emt draftsman drafter estimator undersecretary fundraiser
	realtor superintendent handyman locksmith scholar dev
	mechatroniker elektroniker krankenpfleger erzieher arzthelfer steuerfachangestellte rechtsanwalt arzt arztin apotheker zivildienstleistender au-pair kellner disponent lagerist fachkraft
	friseur tischler prokurist laborant ubersetzer dolmetscher journalist texter fotograf kameramann lehrkraft referendar soldat unteroffizier corporal cpl sgt seaman ensign einkaufer statistiker
	projektassistenz assistenz personalreferent steuerberater aushilfskraft servicekraft burokraft
	attache caissier caissiere cuisinier cuisiniere aide-soignante aide-soignant medecin pharmacien pharmacienne maitre journaliste traducteur traductrice controleur controleuse auditrice juriste
	avocat avocate notaire dessinateur dessinatrice photographe educateur educatrice moniteur monitrice electricien electricienne plombier menuisier mecanicien chauffeur livreur magasinier
	cariste preparateur preparatrice hotesse tuteur tutrice conducteur conductrice acheteuse logisticien logisticienne agriculteur boulanger coiffeur coiffeuse estheticienne jardinier
	bibliothecaire
	administrativo administrativa contable cocinero cocinera dependienta enfermero medico medica maestro maestra abogada cajero cajera repartidor conductor conductora mecanico electricista
	albanil periodista traductor traductora mozo recepcionista secretario secretaria teleoperador teleoperadora fundadora psicologo psicologa farmaceutico farmaceutica veterinario veterinaria dentista
	enfermeiro enfermeira advogado advogada atendente garcom cozinheiro cozinheira motorista operador operadora jornalista tradutor tradutora balconista secretario empregado empregada formador formadora
	cuoco cuoca infermiere infermiera avvocato avvocata commercialista ragioniere ragioniera magazziniere operaio operaia autista elettricista meccanico architetta geometra giornalista traduttore
	traduttrice educatore educatrice farmacista psicologa venditore venditrice agente amministratrice assegnista
	verpleegkundige serveerster promovendus vormgever vertaler secretaresse receptioniste elektricien timmerman huisarts fysiotherapeut apotheker bezorger barman zelfstandige penningmeester
	voorzitter bestuurslid
	נציג עורך אחות רופא גננת קופאי מלצר ברמן מוכר מזכיר פקיד חשב מתרגל דוקטורנט עיתונאי מתרגם מאבטח נהג טבח שליח קצין מפקד לוחם חובש מיישם דייל מתנדב עוזר רואת רואה מנכ"ל סמנכ"ל מש"ק
	مدرس طبيب ممرض صيدلي محام محامي محامية مندوب موظف سكرتير سائق طباخ مترجم صحفي محرر منسق أستاذ معيد خبير أمين كاتب مسوق ضابط نائب
	مهندس مهندسة مطور مطورة مدير مديرة محلل محللة مبرمج مبرمجة مصمم مصممة استشاري مستشار متدرب متدربة محاسب معلم معلمة مشرف مسؤول مساعد باحث رئيس قائد فني أخصائي عضو متطوع`)

// titleEnds are what words for titles end in, in languages that write compounds as one word.
var titleEnds = []string{
	"entwickler", "entwicklerin", "ingenieur", "ingenieurin", "leiter", "leiterin", "berater", "beraterin", "administrator", "manager", "assistent", "praktikant",
	"techniker", "forscher", "ontwikkelaar", "beheerder", "medewerker", "leider", "ontwerper", "mitarbeiter", "kaufmann", "architekt", "analyst", "analist", "redakteur",
	"pfleger", "pflegerin", "lehrer", "lehrerin", "mechaniker", "mechatroniker", "elektroniker", "referent", "referentin", "gestalter", "planer", "zeichner", "laborant", "laborantin", "kauffrau",
	"managerin", "analystin", "architektin", "beauftragter", "beauftragte", "beauftragten", "leitung", "assistenz", "integrator", "fahrer", "prufer", "designerin", "docent", "verkoper", "bezorger", "adviseur",
}

// hanTitles do the same in Chinese, where words are not spaced, and in Japanese.
var hanTitles = []string{
	"工程师", "工程師", "开发", "開發", "经理", "經理", "实习", "實習", "主管", "总监", "總監", "架构师", "架構師", "设计师", "設計師", "分析师", "分析師", "程序员",
	"程式設計", "负责人", "負責人", "助理", "研究员", "研究員", "顾问", "顧問", "专员", "專員", "教师", "教師", "讲师", "講師", "创始人", "創辦人", "创办人", "运营", "前端", "后端", "後端", "测试",
	"測試", "总裁", "總裁", "组长", "組長", "科学家", "科學家", "产品", "產品", "运维", "技术员", "秘书", "会计", "助教", "志愿者", "志工", "主任", "部长", "社长", "队长", "兼职", "合伙人", "代表", "客服", "护士", "護士", "市场推广", "董事", "店长", "店長", "司机", "司機", "厨师", "廚師", "记者", "記者", "编辑", "編輯", "翻译", "翻譯", "律师", "律師",
	"医生", "醫師", "博士后", "文员", "采购", "採購", "業務", "工讀生", "店員", "店员", "销售", "エンジニア", "担当",
}

// hanOrgs are what the names of Chinese employers and schools end in or hold.
var hanOrgs = []string{"公司", "集团", "集團", "科技", "大学", "大學", "学院", "學院", "银行", "銀行", "研究所", "研究院", "事务所", "事務所", "中心", "医院", "醫院", "工作室", "实验室", "實驗室", "協會", "协会", "株式会社", "部门"}

// orgWords are in the names of employers and schools, and not in titles, folded.
var orgWords = foldedSet(`university college institute universitat universite universidad universidade universita universiteit hochschule fachhochschule academy school bank laboratory labs lab group
	holding holdings technologies solutions systems foundation hospital clinic agency studio studios partners ventures corporation company firm consulting services software industries
	association ministry department council society gruppe stiftung verlag klinik institut ecole banque groupe societe empresa grupo banco fundacion instituto azienda gruppo banca
	fondazione bedrijf gemeente stichting groep agencia hotel restaurant store shop museum airlines motors electronics pharma international worldwide startup
	חברת בנק אוניברסיטת מכון شركة جامعة بنك مؤسسة معهد مجموعة وزارة`)

// legalForms belong to the name before the comma.
var legalForms = foldedSet(`inc inc. ltd ltd. llc llp gmbh mbh co co. corp corp. ag plc s.a. sa s.l. sl sas sarl kg kgaa ug se ab oy as a/s b.v. bv n.v. nv pte limited incorporated e.v. eg ohg gbr s.r.l.
	srl spa s.p.a. lda ltda s.a.u. eurl sasu snc pvt pty holding cie vof`)

func hasTitleWord(s string) bool { return titleScore(s) > 0 }

// titleScore is how sure a text names a title: 2 where a word for one is its last or first, 1 where one is in it.
func titleScore(s string) int {
	words := strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '\'' })
	score := 0
	for i, w := range words {
		if !isTitleWord(w) {
			continue
		}
		if i == 0 || i == len(words)-1 {
			return 2
		}
		score = 1
	}
	if score == 0 && hasHan(s) && slices.ContainsFunc(hanTitles, func(t string) bool { return strings.Contains(s, t) }) {
		score = 1
	}
	return score
}

// endsInTitle is true for a text whose last word is one for a title.
func endsInTitle(s string) bool { return hasTitleWord(s[strings.LastIndexByte(s, ' ')+1:]) }

func isTitleWord(w string) bool {
	if titleWords[w] || titleWords[strings.TrimPrefix(w, "ال")] || titleWords[strings.TrimSuffix(w, "in")] && strings.HasSuffix(w, "rin") {
		return true
	}
	if titleWords[masculine(w)] {
		return true
	}
	if head, tail, ok := strings.Cut(w, "-"); ok && (titleWords[head] || titleWords[tail[strings.LastIndexByte(tail, '-')+1:]]) {
		return true // full-stack-developer, manager-owner
	}
	return len(w) > 8 && slices.ContainsFunc(titleEnds, func(end string) bool { return strings.HasSuffix(w, end) })
}

// masculine is a title of a woman in Hebrew or Arabic without the letter that makes it one, and so the word that is in the list.
func masculine(w string) string {
	w = strings.TrimPrefix(w, "ال")
	stem := strings.TrimSuffix(w, "ة")
	for _, end := range []string{"ת", "ה"} {
		if stem == w {
			stem = strings.TrimSuffix(w, end)
		}
	}
	last, size := utf8.DecodeLastRuneInString(stem)
	if final, ok := hebrewFinals[last]; ok && stem != w {
		stem = stem[:len(stem)-size] + string(final)
	}
	return stem
}

// hebrewFinals are the letters that are written otherwise at the end of a word.
var hebrewFinals = map[rune]rune{'כ': 'ך', 'מ': 'ם', 'נ': 'ן', 'פ': 'ף', 'צ': 'ץ'}

// hasOrgWord is true for a text with a word of the names of employers.
func hasOrgWord(s string) bool {
	for i, w := range strings.FieldsFunc(fold(s), func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '(' || r == ')' }) {
		if i > 0 && legalForms[w] || orgWords[strings.Trim(w, ".;:")] {
			return true
		}
	}
	return hasHan(s) && slices.ContainsFunc(hanOrgs, func(o string) bool { return strings.Contains(s, o) })
}

// hasLegalForm is true for a text that names its legal form: "Acme GmbH". What are words of their own in some language count only behind a name.
func hasLegalForm(s string) bool {
	words := strings.Fields(fold(s))
	for i, w := range words {
		w = strings.TrimRight(w, ",;)")
		if i > 0 && legalForms[w] && w != "as" && w != "se" && w != "co" && w != "sa" {
			return true
		}
	}
	return hasHan(s) && slices.ContainsFunc([]string{"公司", "集团", "集團", "株式会社"}, func(o string) bool { return strings.Contains(s, o) })
}

// countries, and regions that stand for one, are what the last part of a place is, folded.
var countries = foldedSet(`usa us uk u.s. u.s.a. u.k. england scotland wales ireland germany deutschland france spain espana italy italia netherlands nederland switzerland schweiz suisse austria
	osterreich sweden norway denmark finland poland portugal belgium belgique belgie luxembourg canada mexico brazil brasil argentina chile colombia peru uruguay india china japan korea
	singapore taiwan vietnam thailand indonesia malaysia philippines pakistan bangladesh australia turkey turkiye israel egypt nigeria kenya morocco maroc tunisia tunisie algerie ghana
	s.korea czechia hungary greece iceland estonia latvia lithuania serbia croatia bulgaria slovakia slovenia allemagne espagne italie royaume-uni kingdom states emirates zealand
	etats-unis alemania francia suiza portogallo duitsland uae romania ukraine russia qatar kuwait lebanon jordan california texas ontario quebec catalunya bayern
	alabama alaska arizona arkansas colorado connecticut delaware florida hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts
	michigan minnesota mississippi missouri montana nebraska nevada hampshire jersey carolina dakota ohio oklahoma oregon pennsylvania tennessee utah vermont virginia wisconsin wyoming
	remote hybrid onsite on-site d.c. nsw maharashtra karnataka`)

// cities are places that stand alone or behind the name of an employer, folded.
var cities = foldedSet(`berlin london londres paris madrid munich munchen hamburg barcelona koln cologne frankfurt stuttgart dusseldorf leipzig dresden hannover nurnberg bremen wien vienna zurich
	geneva geneve bern basel lyon marseille toulouse lille bordeaux nantes strasbourg grenoble rennes montpellier bruxelles brussel brussels antwerpen gent amsterdam rotterdam utrecht
	eindhoven haag delft groningen milano milan roma rome torino turin napoli bologna firenze florence venezia genova lisboa lisbon porto coimbra braga sevilla valencia bilbao malaga
	zaragoza dublin edinburgh manchester glasgow oxford bristol birmingham leeds stockholm oslo copenhagen helsinki warsaw prague budapest athens istanbul ankara bonn mannheim karlsruhe
	darmstadt heidelberg mainz essen dortmund graz linz salzburg rostock kiel potsdam freiburg ulm augsburg aachen jena
	beijing shanghai tokyo seoul shenzhen guangzhou hangzhou taipei bangalore bengaluru hyderabad mumbai delhi pune chennai kolkata noida gurgaon gurugram kochi
	toronto vancouver montreal ottawa calgary sydney melbourne dubai cairo lagos nairobi casablanca rabat tunis
	boston chicago seattle austin denver atlanta houston dallas miami portland oakland brooklyn manhattan philadelphia pittsburgh detroit phoenix
	bogota lima santiago quito caracas medellin guadalajara monterrey recife curitiba campinas brasilia florianopolis
	北京 上海 深圳 广州 杭州 成都 南京 武汉 西安 苏州 台北 台北市 新竹 高雄 台中 香港 天津 重庆 东京 תל-אביב ירושלים חיפה القاهرة الرياض دبي بيروت عمان
	aviv jerusalem haifa francisco angeles york paulo janeiro horizonte alegre aires kong diego jose city`)

// placeStarts begin names of places of two words or more, folded.
var placeStarts = foldedSet(`new san los las santa greater rio sao den the tel hong buenos united great south north east west bay la el le st saint porto belo mexico santo cape fort palo
	kuala ho abu תל`)

// workModes are words about how a job was done, which are neither title nor employer.
var workModes = foldedSet(`remote hybrid onsite on-site full-time fulltime part-time parttime contract permanent temporary teilzeit vollzeit internship cdi cdd seasonal casual
	freelance-contract festanstellung befristet unbefristet temps-plein temps-partiel alternance remoto presencial hibrido tempo-pieno tempo-determinato tempo-indeterminato voltijd
	deeltijd fulltime-contract jornada-completa media-jornada tiempo-completo contract-to-hire fixed-term homeoffice home-office teletravail teletrabajo thuiswerk
	全职 兼职 远程 full-remote remote-first fully-remote minijob nebenjob w2 c2c`)
