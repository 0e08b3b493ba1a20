package resume

// wordList are words of one language that make a line a heading of one kind. Words are folded when they are read.
type wordList struct {
	language string // ISO 639-1
	kind     SectionKind
	words    string
}

// headingWordLists are the words that make a line a heading, with the kind that they give it. Where a heading has several, the one with the
// highest rank decides: "Projects and Experience" has jobs in it, "Skills & Interests" skills. A word that several languages share stands
// in each, so that the headings can say which language the resume is in.
var headingWordLists = []wordList{
	{"en", SectionSummary, `summary profile objective objectives overview about bio biography introduction statement highlights`},
	{"en", SectionExperience, `experience experiences employment internship internships career jobs volunteering volunteer positions employers apprenticeship apprenticeships`},
	{"en", SectionEducation, `education academics academic studies degrees qualifications schooling coursework courses training trainings`},
	{"en", SectionSkills, `skills skill skillset competencies competences competency expertise technologies technology tools proficiencies strengths abilities stack
		capabilities toolbox toolset toolkit software knowledge`},
	{"en", SectionProjects, `project projects portfolio opensource open-source`},
	{"en", SectionCertifications, `certification certifications certificates certificate licenses licences licensure credentials accreditations badges`},
	{"en", SectionPublications, `publication publications papers presentations talks patents articles conferences conference journals`},
	{"en", SectionAwards, `award awards honors honours achievements accomplishments scholarships recognition recognitions prizes distinctions fellowships grants`},
	{"en", SectionInterests, `interests interest hobbies hobby pastimes`},
	{"en", SectionOther, `languages language profiles references referees referee contact contacts links memberships membership affiliations activities leadership
		committees committee extracurricular involvement miscellaneous misc additional details service writing competitions teaching testimonials`},

	{"de", SectionSummary, `zusammenfassung profil kurzprofil uberblick ziele ziel kurzvorstellung vorstellung einleitung motivation karriereziel berufsziel`},
	{"de", SectionExperience, `berufserfahrung berufserfahrungen erfahrung erfahrungen praktika praktikum werdegang berufspraxis praxiserfahrung ehrenamt tatigkeiten anstellungen
		berufstatigkeit arbeitserfahrung projekterfahrung berufsweg nebentatigkeiten nebentatigkeit werkstudententatigkeit wehrdienst zivildienst
		auslandserfahrung berufsstationen praxis`},
	{"de", SectionEducation, `ausbildung bildung bildungsweg studium schulbildung weiterbildung weiterbildungen hochschulbildung fortbildung fortbildungen bildungswerdegang
		hochschulstudium schule schulungen ausbildungen qualifikationen promotion berufsausbildung studiengang kurse seminare`},
	{"de", SectionSkills, `fahigkeiten kenntnisse kompetenzen fertigkeiten edv it-kenntnisse faehigkeiten edv-kenntnisse fachkenntnisse computerkenntnisse softwarekenntnisse
		programmierkenntnisse programmiersprachen kernkompetenzen technologien werkzeuge starken qualifikation expertise know-how softskills hardskills skills`},
	{"de", SectionProjects, `projekte projekt projektliste projektauswahl referenzprojekte`},
	{"de", SectionCertifications, `zertifikate zertifizierungen zertifikat zertifizierung lizenzen bescheinigungen`},
	{"de", SectionPublications, `veroffentlichungen publikationen vortrage patente fachartikel konferenzen`},
	{"de", SectionAwards, `auszeichnungen preise erfolge stipendien ehrungen auszeichnung stipendium`},
	{"de", SectionInterests, `interessen freizeit hobbys hobbies interesse freizeitinteressen freizeitaktivitaten`},
	{"de", SectionOther, `sprachen sprachkenntnisse referenzen kontakt personliches sonstiges divers kontaktdaten vereine mitgliedschaften engagement
		fremdsprachen personalien links fuhrerschein`},

	{"fr", SectionSummary, `resume sommaire presentation profil objectif objectifs synthese accroche introduction apropos bio`},
	{"fr", SectionExperience, `experience experiences stages stage emplois emploi benevolat volontariat carriere missions alternance alternances jobs`},
	{"fr", SectionEducation, `formation formations etudes diplomes diplome scolarite education cursus enseignement`},
	{"fr", SectionSkills, `competences competence outils savoir-faire savoir-etre connaissances qualites technologies logiciels atouts aptitudes expertises expertise informatique
		maitrise environnement`},
	{"fr", SectionProjects, `projet projets realisations realisation portfolio`},
	{"fr", SectionCertifications, `certifications certification certificats certificat habilitations permis attestations`},
	{"fr", SectionPublications, `publications publication articles brevets conferences`},
	{"fr", SectionAwards, `prix distinctions recompenses distinction bourses honneurs concours`},
	{"fr", SectionInterests, `loisirs interets interet passions passion hobbies passe-temps`},
	{"fr", SectionOther, `langues langue references coordonnees contact engagements engagement divers associations associatif liens activites`},

	{"es", SectionSummary, `resumen perfil objetivo objetivos presentacion extracto introduccion acerca`},
	{"es", SectionExperience, `experiencia experiencias empleo empleos practicas voluntariado laboral profesional trayectoria pasantias pasantia becas`},
	{"es", SectionEducation, `educacion estudios formacion cursos academica titulaciones titulacion capacitacion capacitaciones`},
	{"es", SectionSkills, `habilidades aptitudes conocimientos tecnologias herramientas competencias destrezas capacidades fortalezas idoneidad programas`},
	{"es", SectionProjects, `proyectos proyecto portafolio`},
	{"es", SectionCertifications, `certificaciones certificados certificacion certificado licencias acreditaciones`},
	{"es", SectionPublications, `publicaciones publicacion articulos patentes conferencias ponencias charlas`},
	{"es", SectionAwards, `premios logros reconocimientos galardones distinciones honores`},
	{"es", SectionInterests, `intereses aficiones pasatiempos hobbies`},
	{"es", SectionOther, `idiomas referencias contacto lenguas actividades misceláneo miscelaneo varios`},

	{"pt", SectionSummary, `resumo perfil objetivo objetivos sumario apresentacao sobre sintese`},
	{"pt", SectionExperience, `experiencia experiencias emprego empregos estagio estagios voluntariado carreira trajetoria percurso profissional historico`},
	{"pt", SectionEducation, `formacao educacao escolaridade estudos cursos academica graduacao habilitacoes`},
	{"pt", SectionSkills, `habilidades competencias conhecimentos aptidoes tecnologias ferramentas qualificacoes capacidades informatica`},
	{"pt", SectionProjects, `projetos projeto projectos projecto portfolio portifolio`},
	{"pt", SectionCertifications, `certificacoes certificados certificacao certificado licencas`},
	{"pt", SectionPublications, `publicacoes publicacao artigos patentes palestras`},
	{"pt", SectionAwards, `premios conquistas reconhecimentos distincoes premiacoes realizacoes`},
	{"pt", SectionInterests, `interesses passatempos hobbies lazer`},
	{"pt", SectionOther, `idiomas linguas referencias contato contatos contacto contactos atividades voluntario outros outras`},

	{"it", SectionSummary, `profilo sommario riepilogo obiettivo obiettivi presentazione sintesi introduzione`},
	{"it", SectionExperience, `esperienza esperienze lavoro tirocinio tirocini stage impiego impieghi occupazione carriera volontariato lavorative lavorativa`},
	{"it", SectionEducation, `istruzione formazione studi educazione corsi titoli diplomi laurea`},
	{"it", SectionSkills, `competenze capacita abilita conoscenze tecnologie strumenti attitudini`},
	{"it", SectionProjects, `progetti progetto portfolio`},
	{"it", SectionCertifications, `certificazioni certificati certificazione certificato attestati patenti abilitazioni`},
	{"it", SectionPublications, `pubblicazioni pubblicazione articoli brevetti conferenze`},
	{"it", SectionAwards, `premi riconoscimenti onorificenze traguardi`},
	{"it", SectionInterests, `interessi hobby hobbies passioni passatempi`},
	{"it", SectionOther, `lingue lingua referenze contatti contatto attivita recapiti varie`},

	{"nl", SectionSummary, `samenvatting profiel doel doelstelling profielschets introductie`},
	{"nl", SectionExperience, `werkervaring ervaring ervaringen loopbaan stages stage stage-ervaring vrijwilligerswerk banen bijbanen carriere werk functies nevenfuncties praktijkervaring`},
	{"nl", SectionEducation, `opleiding opleidingen onderwijs studie studies scholing cursussen educatie trainingen`},
	{"nl", SectionSkills, `vaardigheden competenties kennis expertise technologieen gereedschap kwaliteiten computervaardigheden kerncompetenties ict-vaardigheden software`},
	{"nl", SectionProjects, `projecten project portfolio`},
	{"nl", SectionCertifications, `certificaten certificeringen certificaat certificering diplomas rijbewijs`},
	{"nl", SectionPublications, `publicaties publicatie artikelen lezingen octrooien`},
	{"nl", SectionAwards, `prijzen onderscheidingen prestaties beurzen`},
	{"nl", SectionInterests, `interesses hobbys hobby's hobbies vrije-tijd vrijetijd`},
	{"nl", SectionOther, `talen taalvaardigheden talenkennis referenties contact contactgegevens personalia activiteiten overig overige`},
}

// headingPhraseLists are headings that their words do not give, or give wrongly; parted by "|".
var headingPhraseLists = []wordList{
	{"en", SectionExperience, `work|work history|employment history|career history|professional background|industry|research|volunteer|teaching|vocational|
		professional activities|freelance|freelancing|research and teaching|leadership experience|military service|professional|volunteer activities|volunteer work|
		where i worked|where i have worked|where i've worked|work i have done|what i have done|career path|professional journey|my journey|places i have worked|selected engagements|
		client engagements|consulting engagements|appointments|academic appointments|academic positions|faculty appointments|relevant work|roles|career timeline|professional timeline|selected roles|previous roles|early career|early career experience|other roles`},
	{"en", SectionSummary, `about me|who am i|who i am|career objective|career summary|professional summary|executive summary|summary of qualifications|career profile|
		professional profile|personal statement|summary of experience|career highlights|personal profile|in a nutshell|in brief|at a glance|elevator pitch|hello|my story|
		career statement|profile summary|resume objective|resume summary|what i do`},
	{"en", SectionEducation, `academic background|academic history|professional development|undergraduate coursework|academic|where i studied|what i studied|schools|relevant coursework`},
	{"en", SectionAwards, `honors and awards|scholarships and awards|awards and scholarships|honors|key achievements`},
	{"en", SectionSkills, `languages and frameworks|languages and tools|languages and technologies|programming languages|programming|languages and software|software programs|
		tech stack|technical proficiencies|technical|technical background|computer skills|areas of expertise|core competencies|it skills|soft skills|technical skill set|
		what i know|what i am good at|what i work with|things i know|tools of the trade|toolbox|skill set|skill highlights|skills summary|summary of skills|technical summary|
		core qualifications|key qualifications`},
	{"en", SectionProjects, `open source|open source contributions|contributions|side projects|master thesis|thesis|things i built|things i have built|things i made|what i have built|what i built|
		selected work|selected works|code|github projects`},
	{"en", SectionCertifications, `licenses and certifications|professional certifications`},
	{"en", SectionPublications, `patents|presentation|talks and presentations|speaking engagements|public speaking`},
	{"en", SectionInterests, `outside work|outside of work|beyond work|when i am not working|personal interests|fun facts|free time|spare time`},
	{"en", SectionOther, `extracurricular activities|extracurricular activity|leadership|other information|additional information|other|personal information|personal details|
		program committees|professional affiliations|professional affiliations and activities|campus activities|languages|language skills|get in touch|find me online|
		references available upon request|personal data|social media|social|work authorization|declaration`},

	{"de", SectionExperience, `beruflicher werdegang|berufliche stationen|beruf|berufliche erfahrung|berufliche tatigkeit|berufliche tatigkeiten|beruflicher hintergrund|
		bisherige tatigkeiten|praktische erfahrung|praktische erfahrungen|ausserschulische tatigkeiten|freiberufliche tatigkeit`},
	{"de", SectionSummary, `uber mich|zu meiner person|zur person|berufliches profil|personliches profil|wer ich bin`},
	{"de", SectionEducation, `schulbildung|akademische ausbildung|akademischer werdegang|schulischer werdegang|aus und weiterbildung|aus- und weiterbildung|aus- and weiterbildung|
		studium und ausbildung|studium and ausbildung`},
	{"de", SectionSkills, `besondere kenntnisse|technische kenntnisse|fachliche kompetenzen|it kenntnisse|edv kenntnisse|kenntnisse und fahigkeiten|it|edv`},
	{"de", SectionOther, `sprachkenntnisse|personliche daten|personliche angaben|personliche informationen|angaben zur person|weitere angaben|weitere informationen|soziales engagement|
		lebenslauf`},
	{"de", SectionProjects, `eigene projekte|ausgewahlte projekte|open source beitrage|masterarbeit|bachelorarbeit|abschlussarbeit`},

	{"fr", SectionExperience, `parcours professionnel|parcours|vie professionnelle|historique professionnel|activite professionnelle|experience pro|missions realisees`},
	{"fr", SectionSummary, `a propos|a propos de moi|profil professionnel|qui suis-je|en bref|projet professionnel|objectif professionnel`},
	{"fr", SectionEducation, `parcours universitaire|parcours academique|parcours scolaire|formation academique|formation initiale|formation continue|etudes and diplomes`},
	{"fr", SectionSkills, `langages|informatique|techniques|competences cles|competences techniques|langages et outils|points forts|environnement technique|environnements techniques|savoirs`},
	{"fr", SectionInterests, `centres d'interet|centres d interet|centre d'interet|centres d'interets|vie associative|activites extra-professionnelles|activites and loisirs`},
	{"fr", SectionOther, `informations complementaires|langues etrangeres|informations personnelles|etat civil|coordonnees|divers|reseaux sociaux`},
	{"fr", SectionProjects, `projets personnels|projets academiques|projets realises|travaux`},

	{"es", SectionExperience, `vida laboral|historial laboral|vocacional|trayectoria profesional|trayectoria|trayectoria laboral|historial profesional|carrera profesional|antecedentes laborales`},
	{"es", SectionSummary, `sobre mi|perfil profesional|objetivo profesional|resumen profesional|extracto|acerca de mi|quien soy`},
	{"es", SectionEducation, `formacion academica|formacion complementaria|antecedentes academicos|formacion|datos academicos`},
	{"es", SectionSkills, `conocimientos de computacion|conocimientos tecnicos|conocimientos informaticos|informatica`},
	{"es", SectionProjects, `tesis de maestria|trabajo fin de grado|proyectos personales`},
	{"es", SectionOther, `informacion adicional|datos personales|informacion personal|datos de contacto|otros datos|otros|redes sociales`},

	{"pt", SectionExperience, `historico profissional|percurso profissional|trajetoria profissional|atividade profissional|vida profissional`},
	{"pt", SectionSummary, `sobre mim|perfil profissional|objetivo profissional|resumo profissional|quem sou`},
	{"pt", SectionEducation, `formacao academica|formacao complementar|habilitacoes academicas|historico escolar|percurso academico`},
	{"pt", SectionSkills, `competencias tecnicas|conhecimentos tecnicos|conhecimentos de informatica|pontos fortes`},
	{"pt", SectionOther, `informacoes adicionais|dados pessoais|informacoes pessoais|informacoes complementares|trabalho voluntario|redes sociais`},
	{"pt", SectionInterests, `tempos livres|interesses pessoais`},

	{"it", SectionExperience, `esperienza lavorativa|esperienze lavorative|esperienza professionale|esperienze professionali|percorso professionale|storia lavorativa|attivita lavorativa`},
	{"it", SectionSummary, `su di me|chi sono|profilo professionale|profilo personale|obiettivo professionale`},
	{"it", SectionEducation, `percorso di studi|percorso formativo|titoli di studio|istruzione e formazione|formazione accademica`},
	{"it", SectionSkills, `capacita e competenze|competenze digitali|competenze tecniche|conoscenze informatiche|competenze informatiche|punti di forza`},
	{"it", SectionOther, `dati personali|informazioni personali|competenze linguistiche|conoscenze linguistiche|ulteriori informazioni|altre informazioni|trattamento dei dati personali|patente di guida|patente o patenti|patente|patenti`},
	{"it", SectionInterests, `tempo libero|interessi personali`},

	{"nl", SectionExperience, `professionele ervaring|relevante ervaring|arbeidsverleden|arbeidservaring|betaald werk`},
	{"nl", SectionSummary, `over mij|wie ben ik|persoonlijk profiel|professioneel profiel|korte introductie`},
	{"nl", SectionEducation, `cursussen en trainingen|opleiding en training`},
	{"nl", SectionSkills, `technische vaardigheden|it vaardigheden|ict kennis|kennis en vaardigheden|sterke punten`},
	{"nl", SectionOther, `persoonlijke gegevens|persoonlijke informatie|overige informatie|overige|contactinformatie`},
	{"nl", SectionInterests, `vrije tijd|hobby's en interesses`},

	{"he", SectionSummary, `תקציר|פרופיל|אודות|אודותיי|קצת עליי|תמצית`},
	{"he", SectionExperience, `ניסיון תעסוקתי|ניסיון מקצועי|ניסיון|נסיון תעסוקתי|תעסוקה|ניסיון בעבודה|שירות צבאי`},
	{"he", SectionEducation, `השכלה|לימודים|הכשרה|קורסים|השכלה והכשרה`},
	{"he", SectionSkills, `כישורים|מיומנויות|כישורים טכניים|טכנולוגיות|יכולות|ידע טכני`},
	{"he", SectionProjects, `פרויקטים|פרוייקטים`},
	{"he", SectionCertifications, `הסמכות|תעודות|רישיונות`},
	{"he", SectionPublications, `פרסומים`},
	{"he", SectionAwards, `פרסים|הישגים|מלגות`},
	{"he", SectionInterests, `תחביבים|תחומי עניין`},
	{"he", SectionOther, `שפות|פרטים אישיים|פרטי קשר|המלצות|ממליצים|התנדבות|יצירת קשר`},

	{"ar", SectionSummary, `الملخص|ملخص|نبذة|نبذة عني|نبذة شخصية|الهدف الوظيفي|الملف الشخصي|الملخص المهني`},
	{"ar", SectionExperience, `الخبرة العملية|الخبرات العملية|الخبرة المهنية|الخبرات المهنية|الخبرات|الخبرة|خبرات العمل|التدريب العملي`},
	{"ar", SectionEducation, `التعليم|المؤهلات العلمية|المؤهل العلمي|التحصيل العلمي|الدراسة|المؤهلات|الدورات التدريبية|الدورات`},
	{"ar", SectionSkills, `المهارات|المهارات التقنية|المهارات الشخصية|مهارات|القدرات|المهارات والخبرات`},
	{"ar", SectionProjects, `المشاريع|مشاريع`},
	{"ar", SectionCertifications, `الشهادات|شهادات|الرخص والشهادات`},
	{"ar", SectionPublications, `المنشورات|الأبحاث|المؤلفات`},
	{"ar", SectionAwards, `الجوائز|الإنجازات|جوائز`},
	{"ar", SectionInterests, `الاهتمامات|الهوايات|اهتمامات`},
	{"ar", SectionOther, `اللغات|المعلومات الشخصية|معلومات الاتصال|معلومات التواصل|المراجع|البيانات الشخصية|التواصل`},
	{"en", SectionExperience, `professional history|employment record|employment details|job history|contract work|experience summary|detailed experience|earlier experience|management experience`},
	{"en", SectionEducation, `educational background|educational qualifications|educational qualification|educational details|academic record|academic details|academic credentials|higher education|continuing education`},
	{"en", SectionSkills, `technical proficiency|specialties|specialities|job-related skills|skills in my own words|skills in short|skills at a glance|tools and level|tools and levels|
		skills and level|skills and levels|skill levels|skill level|skills self-assessment|self-assessment`},
	{"en", SectionSummary, `career goal|career goals|highlights of qualifications|qualification highlights|value proposition|job objective|position sought|hi there`},
	{"en", SectionPublications, `journal articles|peer-reviewed publications|refereed publications|invited talks|books and articles`},
	{"en", SectionAwards, `grants and funding|research funding|grants and fellowships`},
	{"en", SectionInterests, `leisure|leisure activities`},
	{"en", SectionOther, `contact information|contact info|extracurriculars|societies|security clearance|foreign languages|socials|online presence`},
	{"de", SectionExperience, `berufliche laufbahn|akademische laufbahn|ehrenamtliches engagement|karriere|auslandsaufenthalte und praktika|praktika und nebenjobs|arbeitsverhaltnisse|wissenschaftlicher werdegang|ehrenamtliche tatigkeiten`},
	{"de", SectionEducation, `schulausbildung|universitare ausbildung`},
	{"de", SectionSkills, `it-skills|methodenkompetenz|methodenkompetenzen|zusatzqualifikationen|kenntnisse im uberblick|skill-matrix|kenntnisprofil|kompetenzprofil|technologie-stack|werkzeuge und methoden|werkzeuge and methoden|schwerpunkte|methodenkenntnisse`},
	{"de", SectionSummary, `uber meine person|kurz uber mich|qualifikationsprofil`},
	{"de", SectionProjects, `projektubersicht|open-source-projekte|projekthistorie|private projekte`},
	{"de", SectionOther, `verfugbarkeit|zusatzliche informationen`},
	{"fr", SectionExperience, `emplois occupes|activites professionnelles|activite professionnelle`},
	{"fr", SectionSkills, `domaines de competences|domaines d'expertise|competences metier`},
	{"fr", SectionSummary, `qui suis-je ?|qui suis je`},
	{"fr", SectionOther, `informations|competences linguistiques|me contacter`},
	{"fr", SectionInterests, `activites extraprofessionnelles|sports and loisirs`},
	{"es", SectionExperience, `historia laboral|actividad profesional|actividades profesionales`},
	{"es", SectionEducation, `historial academico|otros cursos`},
	{"es", SectionSkills, `lenguajes de programacion|areas de especializacion`},
	{"es", SectionSummary, `objetivo laboral`},
	{"es", SectionOther, `informacion de contacto|datos de interes|otros datos de interes|competencias linguisticas`},
	{"pt", SectionExperience, `atuacao profissional`},
	{"pt", SectionEducation, `habilitacoes literarias`},
	{"pt", SectionSkills, `linguagens de programacao|conhecimentos em informatica`},
	{"pt", SectionSummary, `resumo de qualificacoes|resumo das qualificacoes`},
	{"pt", SectionOther, `informacoes de contato|informacoes de contacto|competencias linguisticas|carta de conducao|atividades extracurriculares`},
	{"it", SectionEducation, `percorso accademico`},
	{"it", SectionSkills, `linguaggi di programmazione`},
	{"it", SectionSummary, `informazioni su di me`},
	{"it", SectionOther, `lingue straniere|informazioni di contatto|autorizzazione al trattamento dei dati|autorizzazione al trattamento dei dati personali|altro`},
	{"nl", SectionExperience, `werkervaringen|nevenactiviteiten|beroepservaring`},
	{"nl", SectionEducation, `bijscholing|vooropleiding`},
	{"nl", SectionSkills, `it-vaardigheden|programmeertalen|softwarekennis`},
	{"nl", SectionOther, `overige gegevens|lidmaatschappen`},
}

// headingFillers may stand beside a heading word without making a sentence of it.
var headingFillers = foldedSet(`work professional relevant additional my selected select key technical core other personal academic and & und et y e a und/oder
	history background industry military research project main areas area of the me in for key recent previous past current prior special specialized
	computer computing digital software hardware soft hard programming language frameworks libraries platforms databases methods methodologies
	campus community college university school undergraduate graduate postgraduate professional clinical teaching
	qualification summary profile career executive brief short general activities activity extra-curricular extracurricular committee program
	+ / | - open source side freelance independent major notable significant related organisational organizational domain business industrial practical
	exposure entrepreneurial top main awards honors social paid unpaid part-time full-time international national scholastic development formal further
	beruflicher berufliche berufliches fachliche fachkenntnisse technische personliche schulische akademische weitere besondere sonstige uber mich und/ zu
	it edv meine praktische ausserberufliche relevante bisherige fachlicher ausgewahlte eigene wichtigste
	professionnelle professionnelles professionnel professionnels techniques technique personnels personnel personnelles academique academiques competence competences et/ou
	informatiques informatique mes mon cles linguistiques principales principaux scolaire scolaires
	de des du la le les l d centres centre parcours universitaires universitaire langages langage projet activites
	profesional profesionales laborales laboral tecnica tecnicas tecnicos academica academicos personales sobre mi en con los las el areas interes mis clave
	informaticos complementaria principales
	profissional profissionais tecnicas tecnica tecnicos academica academicas academico complementares complementar pessoais minha minhas da do das dos acontecimentos relevante relevantes
	professionale professionali lavorativa lavorative tecniche tecnico personali personale digitali informatiche di e ed mie chiave principali formativo formative accademica
	professionele relevante technische persoonlijke ict overige mijn van en opgedane
	consulting earlier contract job working higher continuing transferable proficiency functional course educational peer-reviewed refereed invited
	auszug auswahl private zusatzliche ehrenamtliche ehrenamtliches freiberufliche wissenschaftlicher universitare soziale mein
	autres autre complementaire complementaires numeriques numerique transversales fonctionnelles comportementales domaines d'expertise occupes associatives travail
	otras otros otra trabajo docente previa realizados digitales reglada adicional blandas lenguajes programacion especializacion
	trabalho digitais chave linguagens programacao extracurriculares
	altre altri accademico trasversali organizzative comunicative relazionali linguaggi programmazione
	digitale
	matrix inventory overview selbsteinschatzung autoevaluation
	page continued cont fields expertise professional-level online volunteer leadership positions held employment statement`)

// hanSimple makes the characters of traditional headings simplified ones.
var hanSimple = map[rune]rune{
	'經': '经', '歷': '历', '驗': '验', '學': '学', '專': '专', '業': '业', '術': '术', '實': '实', '習': '习', '項': '项', '個': '个', '簡': '简', '評': '评', '價': '价',
	'獎': '奖', '榮': '荣', '譽': '誉', '證': '证', '書': '书', '論': '论', '發': '发', '興': '兴', '愛': '爱', '聯': '联', '絡': '络', '繫': '系', '語': '语', '資': '资',
	'訊': '讯', '職': '职', '務': '务', '參': '参', '與': '与', '開': '开', '總': '总', '結': '结', '標': '标', '課': '课', '訓': '训', '練': '练', '獲': '获', '競': '竞',
	'賽': '赛', '電': '电', '腦': '脑', '優': '优', '勢': '势', '團': '团', '紹': '绍', '從': '从', '創': '创', '請': '请', '關': '关', '於': '于', '長': '长', '軟': '软',
	'硬': '硬', '體': '体', '檔': '档', '認': '认', '願': '愿', '稱': '称', '鏈': '链', '網': '网', '離': '离',
}

// hanHeading are Chinese headings, once traditional characters are simplified ones and spaces and marks are gone. The first that matches decides.
var hanHeading = []struct {
	kind    SectionKind
	pattern string
}{
	{SectionExperience, `(?:(?:工作|实习|职业|任职|就业|从业|职涯|实践|社会|志愿者?|义工|校园|在校|学生|兼职|全职|专业|相关|主要|过往|创业|教学|军旅|服役|科研|研究|团队|组织)(?:及|与|和|或)?)+(?:经历|经验|履历|背景|生涯|历程|经历简介|情况)|工作|实习|实习及工作|社会实践|履历|经历`},
	{SectionProjects, `(?:(?:个人|主要|开源|科研|研究|代表|重点|课程|毕业|参与|相关|精选|部分)(?:及|与|和)?)*(?:项目|专案|作品)(?:及|与|和)?(?:经历|经验|展示|实践|作品|作品集|集|贡献|介绍|成果|案例|论文)?|开源(?:贡献|社区|作品)?`},
	{SectionEducation, `(?:(?:教育|学历|学习|培训|求学|进修|学术)(?:及|与|和)?)+(?:经历|背景|信息|情况|程度|履历|经验|与学历)?|在校学习|(?:主修|相关|核心|专业)?课程`},
	{SectionSkills, `(?:(?:个人|专业|职业|核心|相关|主要|掌握|技术|技能|工作|办公|软件|电脑|计算机|编程|it|综合)(?:及|与|和)?)*(?:技能|技术|技术栈|能力|专长|特长|技能清单|优势技能|工具|语言技能)(?:及|与|和)?(?:特长|专长|工具|清单|评价|证书|栈|水平|掌握|点|树)?|程式语言|编程语言|擅长`},
	{SectionSummary, `(?:个人|自我|职业|求职)?(?:简介|评价|总结|介绍|概述|优势|优点|描述|陈述|自述|概况|摘要)|求职(?:意向|目标|意愿)|职业(?:目标|规划|概述)|应聘(?:岗位|职位)|关于我|自传`},
	{SectionAwards, `(?:所?获|个人)?(?:(?:奖项|荣誉|获奖|奖励|奖学金|竞赛|比赛|得奖)(?:及|与|和)?)+(?:情况|经历|奖项|荣誉|记录|成就|纪录)?|荣誉|成就|主要成就`},
	{SectionCertifications, `(?:(?:资格|职业|专业|技能|资质|相关|语言)?(?:证书|认证|证照|资质))(?:及|与|和)?(?:证书|认证|情况|培训)?`},
	{SectionPublications, `(?:(?:发表|学术|代表性?|科研)?(?:论文|专利|著作|出版物|成果|文章))(?:及|与|和)?(?:发表|专利|论文|著作|成果)?`},
	{SectionInterests, `(?:个人)?(?:兴趣|爱好|嗜好)(?:及|与|和)?(?:爱好|特长|兴趣|专长)?`},
	{SectionOther, `(?:个人|基本|其他|其它|附加|联系|求职者)?(?:信息|资料|资讯)|联系(?:方式|我|信息)|联络(?:方式|资料|资讯)|其他|其它|(?:外语|语言|语文)(?:能力|水平|技能|程度)?|社交(?:媒体|账号)?|链接|社区|推荐人|社团活动|活动|在校职务|社团(?:经历|经验)`},
}
