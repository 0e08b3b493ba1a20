package tutor

import (
	"strings"
	"sync"
)

// The catalogue is in English. These lists say what the words of a question are called there: a word, "=", and the words that are looked for in
// its place or beside it. Forms are lower case and without accents.
const (
	englishWords = `
db=database dbs=database deps=dependency dep=dependency repo=repository k8s=kubernetes postgres=postgresql js=javascript ts=typescript infra=infrastructure
auth=authentication config=configuration perf=performance prod=production env=environment ci=integration cd=delivery app=application apps=application
llm=language model llms=language model gpt=language model chatbot=assistant pay=salary earn=salary paid=salary wage=salary income=salary money=salary
book=read resource books=read resource course=resource courses=resource cv=resume hack=exploit attack hacks=exploit attack hacker=attack
boss=manager colleague=team coworker=team flaky=unreliable flake=unreliable slow=slow performance speed laggy=slow faster=fast speed
broken=fault bug=fault bugs=fault issue=fault error=fault crash=crash die outage=outage incident downtime=outage bill=bill cost expensive=cost cheap=cost cheaper=cost
subway=offline tunnel offline=offline network wifi=wireless ransomware=enemy backup login=sign login signin=sign login website=site page guess=estimate deadline=date
practice=practise exercise exercises=exercise train=train practise rehearse=rehearse drill job=role position=role career=role gig=role
cv's=resume isp=provider isps=provider firewall=firewall rule neural=network talk=talk conversation fired=people hire=hire recruiting=hire interviewing=interview
proof=evidence prove=evidence proven=evidence criteria=checklist judged=judge check count=count evidence counts=evidence`

	germanWords = `
aufgabe=task anforderung=requirement anforderungen=requirement arbeit=work job arbeitstag=day work arbeitgeber=employer ausfall=outage ausfalle=outage anfrage=request anfragen=request
antwort=answer antworten=answer abfrage=query abfragen=query anwendung=application auftrag=order ausbildung=training bauen=build project baue=build beispiel=example belegen=evidence
beleg=evidence belege=evidence benutzer=user nutzer=user benotigt=need berechtigung=permission bericht=report besser=better beste=best bewerbung=interview bewerbungsgesprach=interview
vorstellungsgesprach=interview vorstellungsgesprache=interview bewertung=review grade brauche=need braucht=need buch=book read bucher=book read cluster=cluster daten=data datei=file datenbank=database
datenbanken=database dauert=long time dauer=long time lange=long time dienst=service dienste=service einstellen=hire einstellung=hire einstellungen=hire entscheidung=decision entwickler=developer
entwicklung=development entwurf=design erfahrung=experience erfolg=success ergebnis=result erklare=explain erklaren=explain erste=first ersten=first fallen=drop faden=thread fehler=fault error
fehlgeschlagen=fail fehlgeschlagene=fail fehlgeschlagenen=fail fertig=done ready fertigkeit=skill fertigkeiten=skill fahigkeit=skill fahigkeiten=skill frage=question fragen=question fuhren=lead
fuhrung=leadership gefahr=threat gehalt=salary verdiene=salary verdient=salary verdienst=salary geld=salary gelernt=learn geschafft=done gesprach=talk interview gesprache=talk interview
geschwindigkeit=speed grund=why gut=good halfte=half halbieren=half hinter=front behind indexe=index kafka=kafka karriere=role kunde=customer kunden=customer konto=account kosten=cost
kurs=course kurse=course langsam=slow langsame=slow last=load laufen=run lebenslauf=resume leistung=performance lernen=learn lerne=learn lernt=learn lieferant=supplier lieferanten=supplier
liefert=deliver late liefern=deliver lohn=salary losung=solution losen=solve lucke=gap missing lucken=gap missing luecke=gap fehlt=missing gap fehlen=missing gap machen=make meilenstein=milestone
meilensteine=milestone meilensteins=milestone messen=measure messung=measure migration=migration migrationen=migration mitarbeiter=people monate=month monaten=month nachricht=message
nachrichten=message nachste=next nachster=next nachsten=next nachstes=next nachweis=evidence nachweisen=evidence nachweise=evidence netz=network netzwerk=network oberflache=interface
passt=fit passende=fit pfad=path phase=phase phasen=phase projekt=project projekte=project projekten=project prufen=check prufung=check rechte=permission rechnung=bill invoice reife=readiness reihenfolge=order
rolle=role rollen=role berufs=role beruf=role schatzen=estimate schicht=layer schnell=fast schneller=fast schnittstelle=api interface schnittstellen=api interface schritt=step schritte=step
schwach=weak schwache=weak schwachen=weak senke=reduce cut senken=reduce cut sicher=safe secure sicherheit=security sicherung=backup sicherungen=backup skript=script spat=late spater=later zuspat=late
speicher=memory sprache=language stelle=role position stufe=level stufen=level niveau=level starke=strength starken=strength stunde=hour stunden=hour tag=day tage=day taglich=daily thema=theme
themen=theme testen=test themenbereich=theme uben=practise ubung=exercise ubungen=exercise umziehen=move umzug=move migration unterschied=difference uberwachung=monitoring vergleich=compare
verbessern=improve verbindung=connection verlust=loss verloren=lost verstecken=hide behind front versteckt=hide verstehen=understand versuch=try vertrag=contract vertrage=contract verteilt=distributed verteilte=distributed
voraussetzung=prerequisite voraussetzungen=prerequisite vorbereiten=prepare wann=when warum=why weg=path weiter=next wichtig=important wiederherstellen=restore wiederherstellung=restore
andern=change andert=change anderung=change geandert=change loschen=delete geloscht=delete erstellen=create anlegen=create maschine=machine maschinen=machine hand=hand kaputt=break fault
tabelle=table tabellen=table zeile=row zeilen=row spalte=column spalten=column schlussel=key paket=package pakete=package bibliothek=library container=container bild=image festplatte=disk platte=disk
protokoll=log protokolle=log alarm=alert alarme=alert modell=model modelle=model stichprobe=sample mittelwert=mean veroffentlichen=publish release reparieren=repair doppelt=duplicate doppelte=duplicate
wiederholung=retry wiederholen=retry warteschlange=queue ereignis=event ereignisse=event sperre=lock sperren=lock rechner=machine stellt=make gerat=device gerate=device
wissen=know woche=week wochen=week zeigen=show evidence zeit=time zeitpunkt=time minute point zertifikat=certificate zertifikate=certificate ziel=goal ziele=goal zugriff=access zuverlassig=reliable
zukunft=future altlast=legacy old veraltet=old alte=old altes=old alt=old server=server kuchen=kitchen team=team verantwortung=ownership zusammenarbeit=collaboration schreiben=write vortrag=speaking`

	spanishWords = `
ahora=now actual=now aprender=learn aprendo=learn aplicacion=application aplicaciones=application archivo=file archivos=file arquitectura=architecture ayuda=help base=database bases=database
brecha=gap brechas=gap busqueda=search cada=each camino=path carrera=role cero=start beginner clave=key cliente=customer clientes=customer codigo=code coste=cost costes=cost costo=cost costos=cost
consulta=query consultas=query construir=build project contrato=contract contratos=contract correo=mail cuanto=long much cuanta=much cuantas=many cuantos=many cuando=when cuenta=account curso=course
cursos=course datos=data debil=weak decision=decision desarrollo=development diferencia=difference dinero=salary dia=day diario=daily diseno=design duda=question ejemplo=example ejercicio=exercise
ejercicios=exercise empezar=start empiezo=start comenzar=start comienzo=start partida=start starting entrevista=interview entrevistas=interview equipo=team error=fault errores=fault escribir=write
estudiar=study estudio=study evidencia=evidence examen=exam experiencia=experience explica=explain explicar=explain fallo=fault fallos=fault falta=missing gap faltan=missing gap fase=phase fases=phase
futuro=future fuerte=strong fuertes=strong gana=salary gano=salary ganar=salary habilidad=skill habilidades=skill hacer=do hito=milestone hitos=milestone hora=hour horas=hour idioma=language
importante=important why importancia=important informe=report interfaz=interface lento=slow lenta=slow libro=book read libros=book read listo=ready lista=ready llegar=reach ready mejor=better mejorar=improve
memoria=memory mensaje=message mensajes=message mes=month meses=month mercado=market necesito=need necesita=need nivel=level niveles=level nube=cloud ordenador=computer orden=order pagar=pay paso=step
pasos=step perder=lose permiso=permission permisos=permission persona=person plan=plan practica=practise practicar=practise precio=price pregunta=question preguntas=question preguntan=question interview preparar=prepare
primero=first primera=first proyecto=project proyectos=project prueba=test evidence pruebas=test proveedor=supplier provider proveedores=supplier puesto=role proximo=next proxima=next quiero=want rapido=fast
razon=why red=network redes=network requisito=requirement requisitos=requirement rendimiento=performance respuesta=answer respuestas=answer resultado=result revisar=review revision=review rol=role riesgo=risk
riesgos=risk saber=know salario=salary sueldo=salary seguridad=security segura=secure seguro=secure semana=week semanas=week servicio=service servicios=service servidor=server siguiente=next siguientes=next
sistema=system sistemas=system tarda=long time tardar=long time tarea=task tareas=task tema=theme temas=theme tiempo=time trabajo=work job trabajar=work usuario=user usuarios=user
cambia=change cambiar=change cambio=change maquina=machine server maquinas=machine mano=hand borra=delete borrar=delete crea=create crear=create rompe=break romper=break pasa=happen
tabla=table tablas=table fila=row filas=row columna=column columnas=column indice=index indices=index clave=key claves=key hilo=thread hilos=thread paquete=package paquetes=package biblioteca=library
contenedor=container contenedores=container imagen=image imagenes=image disco=disk registro=log registros=log alerta=alert alertas=alert prueba=test modelo=model modelos=model muestra=sample media=mean
publicar=publish release version reparar=repair migrar=migration move duplicado=duplicate duplicados=duplicate reintento=retry reintentos=retry cola=queue colas=queue evento=event eventos=event
vacio=gap ventaja=advantage version=version curriculum=resume copia=backup copias=backup despliegue=deployment desplegar=deploy fiable=reliable medir=measure metrica=metric metricas=metric amenaza=threat amenazas=threat
ataque=attack ataques=attack caida=outage carga=load contrasena=password mudanza=move llamada=call reunion=meeting presupuesto=budget prevision=forecast pronostico=forecast grafico=chart panel=dashboard tablero=dashboard`
)

// glossary is the lists by language and word.
var glossary = sync.OnceValue(func() map[string]map[string][]string {
	out := map[string]map[string][]string{}
	for language, list := range map[string]string{english: englishWords, german: germanWords, spanish: spanishWords} {
		m := map[string][]string{}
		last := ""
		for f := range strings.FieldsSeq(list) {
			from, to, ok := strings.Cut(f, "=")
			if ok {
				last = from
			} else {
				to = f
			}
			m[last] = append(m[last], stem(to))
		}
		out[language] = m
	}
	return out
})

// accents are taken off before a word is looked up.
var accents = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "ss", "á", "a", "à", "a", "â", "a", "é", "e", "è", "e", "ê", "e", "í", "i", "î", "i",
	"ó", "o", "ô", "o", "ú", "u", "û", "u", "ñ", "n", "ç", "c")
