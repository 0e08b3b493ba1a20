package tutor

import "strings"

// commonWords are words that are somebody's name and also something else: words of everyday language, trades, months, cities, and names of
// languages, tools and companies. A name among them is only hidden where its neighbours show that a person is meant. Folded.
var commonWords = wordSet(`
	ace ada adobe adrian age agile ai al alan alba alf ali alice alma alpha alpine alto amazon amber amelia amor an ana and andy angel angular anh ansible ant antler apache apollo apple april
	archer arch ariel arm armor arrow art arthur as ash asa aster at atlas audi august aurora austin autumn avon azure baker bach back baer baker ball bamboo band bang banks bao bar barber
	bard barth base basic bass bauer bay beach bean bear beatty beau beck becker bee bell bench bender benz berg berlin berry best beta beyer bianca big bill birch bird bishop bit bite black blade
	blake blank blaze block bloom blow blue boa bob bock body bolt bond bonita book booker boone born bosch boss boston bow bowl box boy brand brave bravo braun bread brick bridge bridges briggs
	bright brisk bristol brock brook brooks brown bruce bruno buck bud bug bull bun burg burn burns bush bust butler by cable cairo cake camilla camp can candy cane canon cap car card care carl
	carol carpenter carter case casey cash cass castle cat cave cedar celeste cello center chad champion chance chandler chang change chapel chaplin chapman charity charlotte chase chef
	chelsea cherry chess chestnut chi child china chip choi church cicero cid city clark clay clean clear cliff close cloud clover coach coal cobb code coin golang cola cold cole collier color colt come
	cook cool cooper coral core corn costa count court coward cox craft crane crawl creed crisp cross crow crown cruz crystal cuevas cup curry curtis cut cyan cypress dahl daisy dale dalia dallas dan dang
	dane daniel daria dart dash data date dawn day days dean delgado dell delphi delta denise denver der desiree destiny devon di diamond dick dietrich diego dill dim do dock docker dolores dolly dollar dong don
	donau door dot dove down drake draw dream drew duke dunk dunn dusk dust dutch dutton duty dynamo eagle earl earth east easy echo ed eden edge eiffel eight elastic elder electric elixir ella ellis elm
	elsa elsevier ember emerald emery england erlang ernst esperanza essen eve ever excel faber fable fair faith falcon falk fall fan farmer fast fay feld fern ferry fiber field fields fierro
	fife fig finch fink fire first fischer fish fisher fit five flask flavia fleck fleet fleming flint flora florence florian flores florian flower flowers floyd fly flynn foerster foote for forbes
	ford forest forster fort forth fortran forward foster four fox franc france francis frank frankfurt free freeman freitag french frey friday friend fries frost fruit fuchs fuel full fuller fun fuente
	gage gale game gamble gang garcon garden gardener gardner garland gates gaze gem gemini general genesis george georgia german germany ghost giant gift gil gin ginger git glass glen glenn glory go
	goal god gold golden good goodman google gordon grace gracia grad gradle grafana grand grant grau gray green greene greenwood grey gross grove guide guitar gulf gun gutierrez guy ha hack
	hai hair hale hall ham hamburg hamilton hammer hammond hancock hand hang hank hanna hans happy har harbor hard hardy harmony harper harrow hart harvest haskell hate have haven hawk hay hayes hazel
	he head heart heath heather heaven hebert hedge heidi heim heiss helix helm henkel herb hermes hero herold herr herz high hill hilton hip his ho hobby hoch hoffman hold holiday holland holly holm
	holmes holt holz home honda honey hong hood hook hope hopper horn horse hot hotel house houston howl hu huber hue hugo human hummel hung hunt hunter hurst hut huynh hyacinth i ibm ice id ike im
	in indigo indiana infante ingles ink inn io ion ira iris irish is isla island ivory ivy ja jack jackson jade jaguar jake jan jar jasmine jason jasper java jay jean jenkins jersey jest jesus jet jets
	jewel jin jira jo joan job jobs joe john jolly jones jordan joseph journey joy juan judge julia julian julio july june jung junior juno jupiter just justice justin kafka kai kaiser kant karma
	kay keen keller kelvin kemp ken kent kenya key keyes kid kim kind king kings kirk kit kite kitty klein kleiner knife knight knopf know knox koch kohl konig kong kotlin kraft krank kraus krug
	kubernetes kurt kurz la lab lace lack lacy lady lake lamb lambda lance land landmark lane lang lange larch large lark last latex laurel law lawless lay le lea leaf league leal lean lee leek legacy leipzig
	lemon leo leon leopard lets level levin lewis lexus li liberty library life lift light lilac lily lima lime lin lincoln linden line link linux lion lisa lisbon lisp list little liz llama lobo lock
	lodge logan logic lohn london long longo look lopez loren love lovelace low lu lua luca lucia lucid luck lucky luis luna lund lux luz lynch lynx ma mac mace mach macho mack mad madison mae magdalena
	magic magnolia mai mail main major malta man manchester mandarin manuel maple mar marble march mare margarita maria marine mariner marino mark market marks marl marquez mars marsh martin marvel mary
	masa mason mass master mat match mate mauro maverick maven max maximum may mayo mayor me meadow medina meier melody mende mendel mercedes mercury mercy merit merry mesa meta metro mex mi mia michel midi
	milan miles mill miller mills milo min mina mine ming mint miracle misty mit mitten mode modern moll molly mon monday monk montana montreal moody moon moore mora morales moral more moreno morgan
	morris morse moscow moser moses moss most moth motor mount mountain mulder mule munich murphy muse must my myrtle nan nancy nano napoleon nash nate native naval navarro nell neo nest net neu neumann
	neve new newman newton next nguyen nice nick nickel nico nikola nile nina nirvana nix no noble noel nok nokia noon nora nord norm norman north norte note nova november novo now nu number nun nunez oak
	oasis ocean oda odd ode of oil ok old olive oliver olympia omega on one ono onyx open opera or oracle orange orca orchid order oregon orient oriental orion oro orr oscar osman otter out owl owen own ox oz
	pace pacific pack page paige paine palace palm pan panther papa paper paris parish park parker parks parr part pascal pass past pat patience paul pax pay paz peace peach peacock peak pear pearl pence
	penn penny pepper perez perl perle perry peru peters petit pfeiffer phelps phi philips phoenix phone pierce pike pilar pilgrim pilot pin pine pink piper pit pitt place plank plant plato plum plus poe
	pole polo pond pool poole poor pop pope popp porsche port porter pot potter pound powell power powers pratt precious prediger presley press preston price pride priest prime prince princess prior priest
	promise proper prophet prosper provost prudence puma puppet pure puri python quail queen quest quick quiet quinn quint rabbit race rail rails rain rains raja ram ramos ran ranch ranger raphael rapp rat
	raven ray re read ready real reason rebel red redis redwood reed reese regal regina reich reid reis rein remedy rene rest reuter rex rey reyes rhein rhine rhodes rice rich richter rider ridge ring rio rios
	rip rise ritter river rivera rivers robin roach rob rock rocky rod roger rojas rojo roland rolle rom roma roman romano romeo romero rong root rosa rosales rosario rose rosemary roses rosen ross rot roth
	rouge round rover row rowan roy royal rubio ruby rudder rue ruf rule run rush rusk rust ruth ryder rye sa sable sacha sage sahara saint sal salt salvador salvatore sam samba same samuel san sand sander
	sanders sandy sankt santa santiago santos sapphire sara sass sauer saul savage save savannah scala schafer schell schiller schmidt schneider scholar scholz schreiber schubert schulz schuster schwarz
	schweizer science scott scout sea seal sealy season see self selma senior september serena serge seth seven shade shaker sharp shaw she shell shepherd sherman shi shield shin ship shirt shoe short siemens
	sierra sigma silk silva silver simple singer singh sinn six skill sky skye slater sloan slow small smart smith smithy snow so soft sol solar soledad solid solo solomon sommer son song sonnenschein sonny
	soto soul sound south spain spark sparks spear spencer spice spike spring sprint spruce st stage stahl stamp standard star stark starr state stay steel steele stein stella stella step stern stetson stewart
	still stock stoll stone storm story strange stream street strong stuart sturm su suarez such sud sue sugar sullivan sultan summer summers sun sunday sunny super supreme sutton swan sweet swift switch sydney
	symphony ta tab tabor tag tai talent tan tang tank tar tara tarzan taste tate tau taube tax taylor te tea teal tech temple ten tennis term terra terraform terrier terry test teufel texas thai than the theta thi thin
	thomas thorn three ti tide tiger tim time tin tiny tip to toby today tom ton tong tony top topaz toro torre torres tour tower townes town toyota trace tracy trail train trane trinity trinidad trip tripp troll true trucker
	truman trump trust truth tu tucker tuesday tulip tung turing turner twain twin twist tyler uber ulm um und union unit unity universe university up urban ursa usher uta vale valencia valentine valley van
	vance vega velvet venus vera verity vernon via vice victor victoria victory vida vienna vince viola violet virgil virginia vise vista vita vital viva vo vogel vogt voigt volt von votre vu vue vulcan wade
	wagner walker wall wallace walls wang war ward ware warm warner warren washington water waters watson watt watts wave way wayne we weaver web webb weber webster wei weil wein weiss wells welsh wendy
	west westfall whale wheel wheeler white whitney wiese wild wilde wilder will williams willow win winchester wind windsor wine wing winkler winner winter winters wirth wise wish wit wolf wolfe wolfram wong wood woods wool
	worth wren wright wu wunder xi xing xu yan yang yard ye yen yes yi yoga york you young yu yuan yung zander zapata zeit zen zenith zero zeus zhou zimmermann zink zion zoll zorn
	mai juni juli montag herbst freude frieden liebe engel stark gut schon wahl recht ernst sturm sommer jager muller mueller schmid graf vogt wirt koenig kuhn krause peter christian
	abril mayo junio agosto domingo pastor guerrero leon rey reyes iglesias campos rios prado puerta casas blanco bravo moreno delgado rubio calvo crespo cordero marin mateo angel paz cruz santos vega vargas
	petit blanc noir roux leroy lefort marchand boulanger berger meunier fontaine dupont rivière mercier chevalier avril mai juillet martin bernard richard
	neri rossi bianchi verdi conti costa gallo greco leone marino monti riva serra villa`)

// nameParticles stand within names and are nobody's.
var nameParticles = wordSet(`de da do dos das di del della dei degli du des le la les los las el al ul ud bin ibn ben bint abu van von der den ter ten te ten zu zum zur af av ap mac mc san santa st y e i u und and
	dr prof ing dipl med rer nat phil msc bsc phd mba jr sr ii iii iv mr mrs ms herr frau`)

// orgWords behind a name make it a company's or a school's. Words that sole traders use too (consulting, design) are left out.
var orgWords = wordSet(`gmbh ag se kg kgaa ohg inc ltd llc llp plc corp corporation company sa sas sarl srl spa sl bv nv ab as oy oyj aps pty electric electronics group gruppe holding holdings bank banking universitat university
	universidad universite universita college school institut institute hochschule foundation stiftung motors motor airlines airways systems technologies technology telecom energy pharma industries insurance versicherung
	werke verlag media hospital clinic klinikum labs international enterprises partners`)

// techWords behind a word that is also a name show that the thing is meant.
var techWords = wordSet(`developer developers engineer engineers engineering programming programmer code coding language expert experience services service workers worker scripts script modules module framework library
	api apis app apps backend frontend pipelines pipeline notebooks notebook on lang version routines channels channel generics syntax gems project projects skills skill level test tests testing
	entwickler entwicklerin programmierer kenntnisse dienste desarrollador desarrolladora programador developpeur developpeuse`)

// greetWords before a word show that a person is meant. Several words are joined by one space.
var greetWords = wordSet(`hi hello hey dear hallo liebe lieber guten moin hola estimado estimada querido querida bonjour salut cher chere ciao caro cara ola oi thanks thank regards cheers gruss gruesse grusse saludos cordialement
	mr mrs ms miss mister dr prof professor herr frau senor senora sr sra don dona monsieur madame mme sir madam sig signor signora`)

// callWords before a word say that it is a name.
var callWords = wordSet(`i'm|i am|name is|name's|call me|ich bin|ich heisse|ich heise|name ist|hier ist|soy|me llamo|nombre es|je suis|je m'appelle|m'appelle|nom est|mi chiamo|sono|me chamo|sou o|sou a|eu sou`)

// wordSet is a set of words, parted by bars where there are any and else by white space.
func wordSet(list string) map[string]bool {
	words := strings.Fields(list)
	if strings.Contains(list, "|") {
		words = strings.Split(list, "|")
	}
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}
