/* cues.c - the phrases of western and northern Europe; cues_english.c, cues_east.c and cues_world.c
 * have the others. To teach the extractor a phrase, add it to its language, in lower case, without
 * the punctuation behind, between "|". */
#include "cue/cue.h"

/* clang-format off */
const struct cue_row cues_western[] = {
    /* German */
    {"de", CUE_FURNITURE, STARTS,
        "verwandte themen|weitere informationen|alle angaben ohne gewähr|schon gelesen|"
        "zum angebot|die aktuelle ausgabe|quellenangaben|titelbild|lust auf mehr|wir laden sie|"
        "kontakt:|erschienen in|bildrechte|mehr zum thema|mehr dazu|mehr lesen|mehr erfahren|"
        "lesen sie auch|lesen sie hier|lesen sie mehr|lesen sie dazu|weiterlesen|"
        "jetzt abonnieren|jetzt lesen|jetzt anmelden|jetzt registrieren|newsletter|"
        "abonnieren sie|melden sie sich|folgen sie uns|artikel teilen|artikel drucken|"
        "kommentar schreiben|diskutieren sie|zur startseite|alle rechte vorbehalten|"
        "wir verwenden cookies|an dieser stelle finden sie|dieser artikel erschien|"
        "dieser text erschien|dieser beitrag erschien|externen inhalt|externer inhalt|"
        "empfohlener externer inhalt|empfohlener redaktioneller inhalt|mit ihrem klick|"
        "hier klicken|hier können sie|quelle:|stand:|lesedauer|lesezeit|vorlesen|artikel anhören|"
        "zum video|video:|podcast:|audio:|schlagworte|themen:|auch interessant|"
        "das könnte sie auch interessieren|das könnte dich auch interessieren|passend dazu|"
        "hintergrund:|siehe auch|bitte melden sie|ich bin damit einverstanden|inhalt von|"
        "dieser inhalt|um diesen inhalt|mehr aus|alles zum|rechte am artikel|schicken sie|"
        "jetzt kommentieren|zur übersicht|nächster artikel|vorheriger artikel|aktualisiert am|"
        "zum inhalt|jetzt testen|bleiben sie informiert|©|copyright|haben sie fragen|"
        "haben sie hinweise|haben sie anregungen|haben sie einen fehler|"
        "haben sie einen tippfehler|sehen sie auch|sehen sie hier|sehen sie im video|"
        "sie möchten mehr|sie möchten diesen artikel|an dieser stelle befindet sich|"
        "an dieser stelle ist ein|hier geht's|hier geht’s|hier geht es zu|hier geht es weiter|"
        "4 wochen gratis|4 wochen kostenlos|4 wochen für|zum thema:|auf facebook teilen|"
        "auf facebook folgen|auf twitter teilen|auf twitter folgen|auf whatsapp teilen|"
        "auf x teilen|per e-mail teilen|per e-mail versenden|per e-mail senden|"
        "zurück zur startseite|zurück zur übersicht|zurück zur homepage|sie haben bereits ein|"
        "sie haben schon ein|kommentare (|dossier:|anzeige:|werbung:|hat dir dieser artikel|"
        "hat dir der artikel|hat ihnen dieser artikel|hat ihnen der artikel|"
        "hat dir dieser beitrag|war dieser artikel hilfreich|wie hat ihnen der artikel|"
        "wie hat dir der artikel|benachrichtigung über neue|diese artikel könnten|"
        "dieser artikel könnte|mehr artikel aus|die kommentarfunktion|kommentarfunktion ist|"
        "diesen artikel teilen|diesen beitrag teilen|beitrag teilen|artikel weiterempfehlen|"
        "sie finden diesen artikel|quellen ausblenden|quellen anzeigen|zum vergrößern|"
        "bild vergrößern|artikel als pdf|fehler gefunden|fehler im artikel|"
        "sie haben einen fehler|rubrik:|rubriken:|erscheinungsdatum:|schriftgröße|"
        "anzeige schließen|sie lesen einen artikel|dieser artikel ist teil|dieser text ist teil|"
        "jetzt weiterlesen|jetzt abo|jetzt gratis|jetzt kostenlos|kostenlos testen|"
        "unsere redaktion empfiehlt|den ganzen artikel finden sie|den vollständigen artikel|"
        "abonnieren sie unseren|abonniere unseren|folge uns|folgt uns|folge mir auf|"
        "newsletter abonnieren"},
    {"de", CUE_FURNITURE, WHOLE,
        "teilen|drucken|merken|mailen|kommentare|feedback|anzeige|werbung|themen|schlagwörter|"
        "mehr|weiter|zurück|schließen|suche|menü|abo|plus|video|bilder|fotostrecke|vorlesen|"
        "exklusiv|eilmeldung|abspielen|artikel merken|zur merkliste|empfehlen|tweet|pocket|"
        "flipboard|xing|e-mail|autor|zur person|über den autor|über die autorin|mehr anzeigen|"
        "hören|link kopieren|gefällt mir|datenschutz|impressum|kommentieren|dossier|zum thema|"
        "auf facebook|auf twitter|auf whatsapp|per e-mail"},
    {"de", CUE_RELATED, WHOLE,
        "mehr zum thema|zum thema|lesen sie auch|auch interessant|"
        "das könnte sie auch interessieren|das könnte dich auch interessieren|"
        "das könnte ihnen auch gefallen|weitere artikel|weitere themen|weitere nachrichten|"
        "ähnliche artikel|ähnliche beiträge|verwandte artikel|verwandte themen|meistgelesen|"
        "meist gelesen|am meisten gelesen|top-themen|aktuelle nachrichten|neueste artikel|"
        "mehr aus diesem ressort|mehr zu diesem thema|links zum thema|weiterführende links|"
        "mehr nachrichten|passend zum thema|unsere empfehlungen|empfehlungen der redaktion|"
        "empfehlungen|kommentare|schreiben sie einen kommentar|schreibe einen kommentar|"
        "hinterlasse einen kommentar|diskussion|newsletter|neue beiträge|beliebte artikel|"
        "beliebte beiträge|mehr artikel|aus dem netz|weitere beiträge|mehr lesen|mehr dazu|"
        "leserkommentare|teilen|auch lesenswert|jetzt lesen|weitere meldungen|mehr themen|"
        "empfehlungen aus der redaktion|aus der redaktion|mehr aus der rubrik|"
        "verwandte themenbereiche|diese artikel könnten euch auch interessieren|"
        "das thema könnte dich auch interessieren|lesetipps|lesetipp|unsere lesetipps|"
        "weiterlesen|weitere themen aus"},
    {"de", CUE_CAPTION, STARTS,
        "titelbild:|abbildung:|abb.|foto:|fotos:|bild:|bilder:|bildquelle|quelle:|© |grafik:|"
        "symbolbild|archivbild|archivfoto|fotografie:|illustration:|credit:"},
    {"de", CUE_BYLINE, STARTS,
        "mehr artikel von|alle artikel von|alle beiträge von|beitrag von|blog beitrag von|"
        "redaktion:|autorin|text:|text von|autor:|autorin:|autoren:|autoren|eingestellt von|"
        "erstellt von|veröffentlicht von|publiziert von|ein artikel von|ein kommentar von|"
        "ein gastbeitrag von|eine analyse von|ein interview von|interview von|interview:|"
        "geschrieben von|verfasst von|ein bericht von|ein essay von|eine kolumne von|protokoll:|"
        "kommentar von|gastbeitrag von|aufgezeichnet von|eine reportage von|analyse von|von"},
    {"de", CUE_BYLINE, OWN,
        "aus|über"},
    {"de", CUE_DATE, STARTS,
        "datum|veröffentlicht|veröffentlicht am|publiziert|publiziert am|erschienen am|datum:|"
        "erstellt|erstellt am|erstveröffentlichung|online seit"},
    {"de", CUE_DATE, OWN,
        "am|vom"},
    {"de", CUE_MODIFIED, STARTS,
        "aktualisiert|aktualisiert am|zuletzt aktualisiert|letzte aktualisierung|letztes update|"
        "geändert|update|bearbeitet|akt.|stand:"},
    {"de", CUE_NOTICE, STARTS,
        "dies ist eine maschinelle übersetzung|dieser artikel wurde maschinell|"
        "dieser artikel wurde automatisch|lest den originalartikel|lesen sie den originalartikel|"
        "korrektur:|anmerkung der redaktion|hinweis der redaktion|anm. d. red|"
        "in einer früheren version|in einer früheren fassung|berichtigung:|hinweis:|update:|"
        "transparenzhinweis|richtigstellung"},
    {"de", CUE_ROLE, STARTS,
        "redaktion|redakteur|redakteurin|korrespondent|korrespondentin|reporter|reporterin|"
        "volontär|autor|autorin|chefredakteur|chefredakteurin|freier|freie|leiter|leiterin|"
        "ressortleiter|mitarbeiter|agenturen|dpa|afp|apa|sda"},
    {"de", CUE_SOURCE, STARTS,
        "quelle:|quellen:|mit material von|textquelle:|bildquelle:|bildquellen:|bildnachweis:|"
        "bildnachweise:|fotocredit:|fotonachweis:|beitragsbild:|artikelbild:|titelfoto:|"
        "rubriklistenbild:|verwendete quellen|weitere quellen:|quellenverzeichnis|quelle der|"
        "mit agenturmaterial|mit informationen von|mit informationen der|mitarbeit:|"
        "unter mitarbeit|text und fotos:|text & fotos:|fotos:|der autor ist|die autorin ist|"
        "die autoren sind|der autor dieses|zum autor|zur autorin|der verfasser ist"},
    {"de", CUE_BOX, WHOLE,
        "das wichtigste in kürze|das wichtigste auf einen blick|auf einen blick|kurz und knapp|"
        "kurz zusammengefasst|in kürze|darum geht es|darum geht's|fakten|zahlen und fakten|"
        "fakten und zahlen|steckbrief|zur person|infobox|infokasten|faktencheck kompakt|"
        "die wichtigsten punkte"},
    /* French */
    {"fr", CUE_FURNITURE, STARTS,
        "lire aussi|à lire aussi|lire la suite|à lire|voir aussi|abonnez-vous|inscrivez-vous|"
        "s'abonner|s'inscrire|suivez-nous|cliquez ici|recevez|newsletter|tous droits réservés|"
        "nous utilisons des cookies|article réservé aux abonnés|cet article est réservé|"
        "déjà abonné|temps de lecture|voir la vidéo|en savoir plus|sur le même sujet|à découvrir|"
        "lecture du média|envoyer par|retrouvez|la suite après cette publicité|"
        "contenus sponsorisés|vos réactions|réagir|connectez-vous|écouter l'article|"
        "écouter l’article|écouter le podcast|partager sur|partager cet article|"
        "partager l'article|partager l’article|imprimer l'article|commentaires (|"
        "cet article vous a|vous avez aimé cet article|si vous avez aimé|partagez cet article|"
        "la suite est réservée|il vous reste|taille du texte|ajouter à vos favoris|"
        "ajouter à mes favoris|signaler une erreur|une erreur dans|la suite après la publicité|"
        "rejoignez-nous|rejoignez notre|téléchargez notre|l'article continue|l’article continue|"
        "lire l'article|lire l’article|retrouvez tous|réservé aux abonnés"},
    {"fr", CUE_FURNITURE, WHOLE,
        "partager|imprimer|commenter|publicité|réagir|fermer|menu|vidéo|abonnés|envoyer|"
        "enregistrer|copier le lien|suivre|article abonné|écouter"},
    {"fr", CUE_RELATED, WHOLE,
        "lire aussi|à lire aussi|à lire également|sur le même sujet|sur le même thème|"
        "articles liés|articles similaires|les plus lus|les plus lues|à la une|voir aussi|"
        "dans la même rubrique|nos derniers articles|commentaires|plus d'articles|"
        "la rédaction vous conseille|à découvrir|vous aimerez aussi|contenus sponsorisés|"
        "pour aller plus loin|en savoir plus|les articles les plus lus|dernières actualités|"
        "sur ce sujet"},
    {"fr", CUE_CAPTION, STARTS,
        "photo:|photo :|photo |crédit photo|crédit|crédits|© |illustration|image :|légende"},
    {"fr", CUE_BYLINE, STARTS,
        "texte :|texte de|auteur :|propos recueillis par|écrit par|rédigé par|publié par|"
        "article de|un article de|posté par|par"},
    {"fr", CUE_BYLINE, OWN,
        "de"},
    {"fr", CUE_DATE, STARTS,
        "publié|publié le|paru le|mis en ligne le|créé le|date :|publiée le|posté le"},
    {"fr", CUE_DATE, OWN,
        "le"},
    {"fr", CUE_MODIFIED, STARTS,
        "mis à jour|mis à jour le|modifié|modifié le|actualisé|dernière mise à jour|mise à jour"},
    {"fr", CUE_NOTICE, STARTS,
        "cet article a été traduit|correction :|rectificatif|précision :|note de la rédaction|erratum|ndlr"},
    {"fr", CUE_ROLE, STARTS,
        "rédaction|rédacteur|rédactrice|journaliste|correspondant|correspondante|envoyé spécial|"
        "envoyée spéciale|rédacteur en chef|la rédaction|avec afp|auteur|chroniqueur"},
    {"fr", CUE_SOURCE, STARTS,
        "source :|sources :|avec afp|source:|sources:|avec reuters|(avec afp|avec nos confrères|"
        "crédit photo|crédits photo|crédits photos|traduit par|l'auteur est|l’auteur est|"
        "l'auteure est|les auteurs sont|l'autrice est"},
    {"fr", CUE_BOX, WHOLE,
        "en bref|l'essentiel|l’essentiel|en résumé|repères|en chiffres|les chiffres clés|"
        "à retenir|ce qu'il faut retenir|ce qu’il faut retenir|fiche technique"},
    /* Spanish */
    {"es", CUE_FURNITURE, STARTS,
        "lea también|lee también|leer más|leer también|te puede interesar|"
        "también te puede interesar|puede interesarle|ver más|más información|suscríbete|"
        "suscríbase|síguenos|todos los derechos reservados|utilizamos cookies|regístrate|"
        "inicia sesión|tiempo de lectura|mira también|mirá también|ver también|seguir leyendo|"
        "sigue leyendo|haz clic|haga clic|temas relacionados|archivado en|etiquetas|newsletter|"
        "más sobre|conocé|enterate|leé también|lee más|apúntate|recibe las|recibe nuestro|"
        "recibe nuestra|recibe en tu|recibe toda|recibe gratis|recibe alertas|descarga la app|"
        "descarga nuestra|descarga aquí|descarga gratis|únete a nuestro|únete al canal|"
        "únete a la|únete a nuestra|boletín:|comparte esta|comparte este|comparte en|"
        "compartir en|escuchar audio|escuchar artículo|escuchar la nota|escuchar noticia|"
        "imprimir artículo|comentarios (|¿encontraste un error|¿encontró un error|¿te gustó|"
        "si te gustó|puedes ver:|puede ver:|mira el video|vea también|ver video|ver galería|"
        "siga leyendo|conoce más|conozca más|sigue nuestro canal|sigue el canal|"
        "sigue toda la información|este contenido es exclusivo|contenido exclusivo|"
        "artículo exclusivo para|comentar esta noticia|reportar un error|reportar error"},
    {"es", CUE_FURNITURE, WHOLE,
        "compartir|imprimir|comentar|publicidad|cerrar|menú|video|vídeo|guardar|enviar|"
        "copiar enlace|suscriptores|temas|etiquetas|tags|comparte|escuchar"},
    {"es", CUE_RELATED, WHOLE,
        "lea también|lee también|te puede interesar|también te puede interesar|te recomendamos|"
        "noticias relacionadas|artículos relacionados|notas relacionadas|relacionadas|"
        "relacionados|más noticias|más información|lo más leído|lo más visto|más leídas|"
        "las más leídas|últimas noticias|comentarios|deja un comentario|deja una respuesta|"
        "ver también|temas relacionados|en portada|otras noticias|contenido relacionado|"
        "más sobre|le puede interesar|seguir leyendo"},
    {"es", CUE_CAPTION, STARTS,
        "foto:|fotos:|fotografía:|imagen:|crédito:|© |foto de|ilustración:|imágenes:|(foto"},
    {"es", CUE_BYLINE, STARTS,
        "escribe|escriben|texto:|autor:|autora:|escrito por|redacción:|un artículo de|"
        "entrevista de|por:|publicado por|por"},
    {"es", CUE_BYLINE, OWN,
        "de"},
    {"es", CUE_DATE, STARTS,
        "publicado|publicado el|publicada|publicada el|fecha:|creado|creado el|"
        "fecha de publicación"},
    {"es", CUE_MODIFIED, STARTS,
        "actualizado|actualizado el|actualizada|actualizado a las|última actualización|"
        "modificado|act."},
    {"es", CUE_NOTICE, STARTS,
        "este artículo fue traducido|corrección:|fe de errores|fe de erratas|nota de la redacción|nota del editor|aclaración:"},
    {"es", CUE_ROLE, STARTS,
        "redacción|redactor|redactora|periodista|corresponsal|enviado especial|enviada especial|"
        "editor|editora|agencias|agencia|director|colaborador|columnista"},
    {"es", CUE_ROLE, WHOLE,
        "efe"},
    {"es", CUE_SOURCE, STARTS,
        "fuente:|fuentes:|con información de|con información del|con información de la|"
        "con datos de|(con información|traducción:|traducido por|créditos:|el autor es|"
        "la autora es|los autores son|las opiniones expresadas"},
    {"es", CUE_SOURCE, WHOLE,
        "agencias|efe|con efe|con agencias"},
    {"es", CUE_BOX, WHOLE,
        "en resumen|en breve|las claves|claves|en cifras|ficha técnica|lo más importante|"
        "datos clave"},
    /* Italian */
    {"it", CUE_FURNITURE, STARTS,
        "leggi anche|leggi tutto|leggi di più|continua a leggere|condividi|iscriviti|abbonati|"
        "seguici|tutti i diritti riservati|utilizziamo i cookie|tempo di lettura|guarda il video|"
        "clicca qui|riproduzione riservata|© riproduzione riservata|approfondisci|ascolta|"
        "scopri di più|accedi|registrati|ricevi|commenti (|ti è piaciuto|condividi questo|"
        "condividi su|vedi anche|guarda anche|segui il canale|seguici su|"
        "questo articolo è riservato|contenuto riservato|per continuare a leggere|ricevi le"},
    {"it", CUE_FURNITURE, WHOLE,
        "condividi|stampa|commenta|pubblicità|chiudi|menu|video|foto|salva|invia|copia link|tag|"
        "argomenti"},
    {"it", CUE_RELATED, WHOLE,
        "leggi anche|articoli correlati|ti potrebbe interessare|potrebbe interessarti|"
        "potrebbe interessarti anche|ultime notizie|i più letti|più letti|commenti|"
        "lascia un commento|correlati|notizie correlate|altre notizie|altri articoli|"
        "da non perdere|sullo stesso argomento"},
    {"it", CUE_CAPTION, STARTS,
        "foto:|foto di|immagine:|credito|credits:|© |(foto"},
    {"it", CUE_BYLINE, STARTS,
        "a cura di|testo di|autore:|scritto da|intervista di|articolo di|pubblicato da"},
    {"it", CUE_BYLINE, OWN,
        "di"},
    {"it", CUE_DATE, STARTS,
        "pubblicato|pubblicato il|pubblicata il|data:|creato il"},
    {"it", CUE_DATE, OWN,
        "del"},
    {"it", CUE_MODIFIED, STARTS,
        "aggiornato|aggiornato il|ultimo aggiornamento|modificato|ultima modifica"},
    {"it", CUE_NOTICE, STARTS,
        "correzione:|errata corrige|nota della redazione|rettifica:"},
    {"it", CUE_NOTICE, WHOLE,
        "rettifica"},
    {"it", CUE_ROLE, STARTS,
        "redazione|giornalista|inviato|inviata|corrispondente|direttore|caporedattore|autore"},
    {"it", CUE_ROLE, WHOLE,
        "ansa"},
    {"it", CUE_SOURCE, STARTS,
        "fonte:|fonti:|traduzione di|traduzione:|(fonte|l'autore è|l’autore è|l'autrice è"},
    {"it", CUE_BOX, WHOLE,
        "in breve|in sintesi|i punti chiave|punti chiave|la scheda|in cifre"},
    /* Portuguese */
    {"pt", CUE_FURNITURE, STARTS,
        "leia também|leia mais|leia a seguir|veja também|saiba mais|continue lendo|compartilhe|"
        "inscreva-se|assine|todos os direitos reservados|utilizamos cookies|tempo de leitura|"
        "clique aqui|receba|ouça|continua após a publicidade|cadastre-se|baixe|faça parte|"
        "entre no canal|entre no grupo|entre no nosso|siga o|siga a|siga-nos|siga nosso|"
        "acompanhe o|acompanhe a|acompanhe as|acompanhe no|compartilhar no|compartilhar via|"
        "partilhar no|continua depois da publicidade|comentários (|encontrou algo errado|"
        "encontrou um erro|gostou da|gostou deste|confira também|confira mais|leia a matéria|"
        "leia o artigo|siga-nos no|conteúdo exclusivo|artigo exclusivo|clique e|quer receber|"
        "participe do|junte-se"},
    {"pt", CUE_FURNITURE, WHOLE,
        "compartilhe|compartilhar|imprimir|comentar|publicidade|fechar|menu|vídeo|salvar|enviar|"
        "copiar link|assinantes|tags|partilhar"},
    {"pt", CUE_RELATED, WHOLE,
        "leia também|veja também|leia mais|notícias relacionadas|artigos relacionados|"
        "relacionadas|relacionados|mais lidas|mais notícias|últimas notícias|comentários|"
        "deixe um comentário|deixe uma resposta|você pode gostar|recomendado para você|"
        "recomendados|saiba mais|outras notícias"},
    {"pt", CUE_CAPTION, STARTS,
        "foto:|fotos:|imagem:|crédito:|© |(foto|legenda"},
    {"pt", CUE_BYLINE, STARTS,
        "texto:|autor:|escrito por|reportagem de|por:|publicado por|por"},
    {"pt", CUE_BYLINE, OWN,
        "de"},
    {"pt", CUE_DATE, STARTS,
        "publicado|publicado em|publicada em|data:|criado em"},
    {"pt", CUE_MODIFIED, STARTS,
        "atualizado|atualizado em|atualizada em|última atualização|modificado"},
    {"pt", CUE_NOTICE, STARTS,
        "correção:|errata|nota da redação|nota do editor"},
    {"pt", CUE_ROLE, STARTS,
        "redação|repórter|jornalista|correspondente|editor|editora|da redação|enviado especial|"
        "agência|colunista"},
    {"pt", CUE_ROLE, WHOLE,
        "lusa"},
    {"pt", CUE_SOURCE, STARTS,
        "fonte:|fontes:|com informações|com informações de|com informações da|com informações do|"
        "com agências|com agência|(com informações|com reuters|com lusa|tradução:|edição:|"
        "o autor é|a autora é|as opiniões expressas"},
    {"pt", CUE_BOX, WHOLE,
        "em resumo|resumo da notícia|em números|ficha técnica|pontos-chave|os pontos principais"},
    /* Dutch */
    {"nl", CUE_FURNITURE, STARTS,
        "lees ook|lees meer|lees verder|bekijk ook|deel dit|abonneer|schrijf je in|meld je aan|"
        "volg ons|reageer|alle rechten voorbehouden|wij gebruiken cookies|leestijd|luister|"
        "klik hier|tekst gaat verder|artikel gaat verder|word abonnee|al abonnee|meer over|"
        "ontvang|reacties (|vond je dit artikel|heb je een tip|fout gezien|zie ook|"
        "bekijk de video|lees het hele|lees alles over|dit artikel is alleen|tip de redactie|"
        "download de app|volg het laatste"},
    {"nl", CUE_FURNITURE, WHOLE,
        "delen|deel|printen|reageren|advertentie|sluiten|menu|video|bewaar|bewaren|mail|"
        "kopieer link|tags|nieuwsbrief"},
    {"nl", CUE_RELATED, WHOLE,
        "lees ook|lees meer|lees verder|gerelateerd|gerelateerde artikelen|gerelateerd nieuws|"
        "meest gelezen|meer nieuws|meer over|laatste nieuws|reacties|bekijk ook|ook interessant|"
        "aanbevolen|misschien ook interessant|plaats een reactie|geef een reactie"},
    {"nl", CUE_CAPTION, STARTS,
        "foto:|foto |beeld:|beeld |© |foto's:|afbeelding:"},
    {"nl", CUE_BYLINE, STARTS,
        "tekst:|auteur:|geschreven door|van onze|door onze|interview door|tekst door|door"},
    {"nl", CUE_DATE, STARTS,
        "gepubliceerd|gepubliceerd op|geplaatst|geplaatst op|datum:"},
    {"nl", CUE_MODIFIED, STARTS,
        "bijgewerkt|bijgewerkt op|laatst bijgewerkt|aangepast|gewijzigd|laatste update|update:"},
    {"nl", CUE_NOTICE, STARTS,
        "correctie:|rectificatie|correcties en aanvullingen|naschrift"},
    {"nl", CUE_ROLE, STARTS,
        "redactie|redacteur|verslaggever|correspondent|journalist|hoofdredacteur|onze|anp|auteur"},
    {"nl", CUE_SOURCE, STARTS,
        "bron:|bronnen:|met medewerking van|vertaling:|de auteur is|de schrijver is|"
        "de schrijfster is"},
    {"nl", CUE_BOX, WHOLE,
        "in het kort|in 't kort|samengevat|kort samengevat|de feiten|feiten en cijfers"},
    /* Swedish */
    {"sv", CUE_FURNITURE, STARTS,
        "läs också|läs även|läs mer|läs vidare|prenumerera|följ oss|alla rättigheter|"
        "vi använder cookies|lästid|lyssna|klicka här|bli prenumerant|logga in|"
        "artikeln fortsätter|fakta:|se även|dela artikeln|dela på|tipsa oss|tipsa redaktionen|"
        "hittat fel|har du hittat|har du tips|rätta artikeln|läs hela|läs alla|se hela|"
        "följ ämnen|skapa konto|missa inte"},
    {"sv", CUE_FURNITURE, WHOLE,
        "dela|skriv ut|annons|stäng|meny|video|spara|kopiera länk|kommentera|taggar|relaterat|"
        "ämnen|tipsa"},
    {"sv", CUE_RELATED, WHOLE,
        "läs också|läs även|läs mer|relaterat|relaterade artiklar|mest läst|mest lästa|"
        "senaste nytt|senaste nyheterna|fler nyheter|kommentarer|mer om|se även|rekommenderat"},
    {"sv", CUE_CAPTION, STARTS,
        "foto:|bild:|fotograf:|arkivbild|© |illustration:"},
    {"sv", CUE_BYLINE, STARTS,
        "text:|text av|skribent:|författare:|reporter:"},
    {"sv", CUE_BYLINE, OWN,
        "av"},
    {"sv", CUE_DATE, STARTS,
        "publicerad|publicerat|publicerades|datum:|uppdaterad"},
    {"sv", CUE_MODIFIED, STARTS,
        "uppdaterad|uppdaterat|senast uppdaterad|ändrad"},
    {"sv", CUE_NOTICE, STARTS,
        "rättelse|i en tidigare version|förtydligande:"},
    {"sv", CUE_NOTICE, WHOLE,
        "förtydligande"},
    {"sv", CUE_ROLE, STARTS,
        "redaktionen|reporter|journalist|redaktör|krönikör|korrespondent|ledarskribent|"
        "chefredaktör"},
    {"sv", CUE_ROLE, WHOLE,
        "tt"},
    {"sv", CUE_SOURCE, STARTS,
        "källa:|källor:|översättning:|skribenten är|författaren är"},
    {"sv", CUE_BOX, WHOLE,
        "kortversionen|i korthet|det viktigaste|fakta|faktaruta|sammanfattning|fakta i korthet"},
    /* Norwegian */
    {"no", CUE_FURNITURE, STARTS,
        "les også|les mer|les videre|abonner|følg oss|alle rettigheter|vi bruker cookies|"
        "vi bruker informasjonskapsler|lesetid|klikk her|logg inn|artikkelen fortsetter|"
        "saken fortsetter|se også|tips oss|del artikkelen|del på|lytt til saken|"
        "lytt til artikkelen|fant du feil|har du tips|les hele|les alle|meld deg på|"
        "få nyhetsbrev|last ned appen|hør podkast|del saken"},
    {"no", CUE_FURNITURE, WHOLE,
        "del|skriv ut|annonse|lukk|meny|video|lagre|kopier lenke|kommenter|emner|relatert|"
        "vis mer|lytt"},
    {"no", CUE_RELATED, WHOLE,
        "les også|les mer|relatert|relaterte artikler|relaterte saker|mest lest|siste nytt|"
        "flere nyheter|kommentarer|mer om|se også|anbefalt"},
    {"no", CUE_CAPTION, STARTS,
        "foto:|bilde:|fotograf:|arkivfoto|© |illustrasjon:"},
    {"no", CUE_BYLINE, STARTS,
        "tekst:|tekst av|skrevet av|journalist:|forfatter:"},
    {"no", CUE_BYLINE, OWN,
        "av"},
    {"no", CUE_DATE, STARTS,
        "publisert|dato:|publiserte"},
    {"no", CUE_MODIFIED, STARTS,
        "oppdatert|sist oppdatert|endret"},
    {"no", CUE_NOTICE, STARTS,
        "rettelse|presisering|i en tidligere versjon"},
    {"no", CUE_ROLE, STARTS,
        "redaksjonen|journalist|reporter|redaktør|kommentator|korrespondent|ntb|sjefredaktør"},
    {"no", CUE_SOURCE, STARTS,
        "kilde:|kilder:|oversatt av|forfatteren er"},
    {"no", CUE_BOX, WHOLE,
        "kort fortalt|kortversjonen|oppsummert|kort oppsummert|kort sagt|fakta|faktaboks|"
        "dette er saken|sammendrag"},
    /* Danish */
    {"da", CUE_FURNITURE, STARTS,
        "læs også|læs mere|læs videre|del artiklen|abonnér|følg os|alle rettigheder|"
        "vi bruger cookies|læsetid|klik her|log ind|artiklen fortsætter|se også|del på|"
        "lyt til artiklen|har du et tip|fejl i artiklen|læs hele|læs alle|tilmeld dig|"
        "få nyhedsbrev|hent appen|hør podcast"},
    {"da", CUE_FURNITURE, WHOLE,
        "del|udskriv|annonce|luk|menu|video|gem|kopier link|kommentér|emner|relateret|lyt"},
    {"da", CUE_RELATED, WHOLE,
        "læs også|læs mere|relateret|relaterede artikler|mest læste|mest læst|seneste nyt|"
        "seneste nyheder|flere nyheder|kommentarer|mere om|se også|anbefalet"},
    {"da", CUE_CAPTION, STARTS,
        "foto:|billede:|arkivfoto|© "},
    {"da", CUE_BYLINE, STARTS,
        "tekst:|skrevet af|journalist:|forfatter:"},
    {"da", CUE_BYLINE, OWN,
        "af"},
    {"da", CUE_DATE, STARTS,
        "offentliggjort|publiceret|udgivet|dato:"},
    {"da", CUE_MODIFIED, STARTS,
        "opdateret|senest opdateret|ændret"},
    {"da", CUE_NOTICE, STARTS,
        "rettelse|præcisering"},
    {"da", CUE_ROLE, STARTS,
        "redaktionen|journalist|redaktør|korrespondent|ritzau|chefredaktør"},
    {"da", CUE_SOURCE, STARTS,
        "kilde:|kilder:|oversat af|forfatteren er"},
    {"da", CUE_BOX, WHOLE,
        "kort fortalt|det korte af det lange|fakta|faktaboks|overblik"},
    /* Finnish */
    {"fi", CUE_FURNITURE, STARTS,
        "lue myös|lue lisää|seuraa meitä|kaikki oikeudet|käytämme evästeitä|lukuaika|kuuntele|"
        "klikkaa tästä|kirjaudu|juttu jatkuu|katso myös|jaa artikkeli|jaa facebookissa|"
        "tilaa uutiskirje|tilaa ilmoitukset|tilaa lehti|lue koko|huomasitko virheen|"
        "anna palautetta|lataa sovellus|seuraa aihetta|kommentoi juttua"},
    {"fi", CUE_FURNITURE, WHOLE,
        "jaa|tulosta|mainos|sulje|valikko|video|tallenna|kommentoi|kopioi linkki"},
    {"fi", CUE_RELATED, WHOLE,
        "lue myös|lue lisää|aiheesta lisää|luetuimmat|uusimmat|kommentit|suosittelemme|"
        "katso myös|lisää aiheesta"},
    {"fi", CUE_CAPTION, STARTS,
        "kuva:|kuvat:|kuvaaja:"},
    {"fi", CUE_BYLINE, STARTS,
        "teksti:|kirjoittaja:|toimittaja:"},
    {"fi", CUE_DATE, STARTS,
        "julkaistu|päiväys:"},
    {"fi", CUE_MODIFIED, STARTS,
        "päivitetty|muokattu"},
    {"fi", CUE_NOTICE, STARTS,
        "oikaisu|korjaus:"},
    {"fi", CUE_NOTICE, WHOLE,
        "korjaus"},
    {"fi", CUE_ROLE, STARTS,
        "toimittaja|toimitus|stt|kirjoittaja"},
    {"fi", CUE_SOURCE, STARTS,
        "lähde:|lähteet:|käännös:"},
    {"fi", CUE_BOX, WHOLE,
        "lyhyesti|tiivistelmä|faktat|tiivistettynä|näin juttu tiivistettynä"},
    /* Icelandic */
    {"is", CUE_FURNITURE, STARTS,
        "lesa meira|lesa nánar|fylgstu með"},
    {"is", CUE_FURNITURE, WHOLE,
        "deila|prenta|auglýsing"},
    {"is", CUE_RELATED, WHOLE,
        "tengdar fréttir|tengt efni|mest lesið|nýjast|athugasemdir"},
    {"is", CUE_CAPTION, STARTS,
        "mynd:|ljósmynd:|mynd/"},
    {"is", CUE_BYLINE, STARTS,
        "höfundur:|texti:"},
    {"is", CUE_DATE, STARTS,
        "birt|dagsetning"},
    {"is", CUE_MODIFIED, STARTS,
        "uppfært"},
    {"is", CUE_ROLE, STARTS,
        "blaðamaður|ritstjóri|fréttamaður"},
    {"is", CUE_SOURCE, STARTS,
        "heimild:|heimildir:"},
    /* Catalan */
    {"ca", CUE_FURNITURE, STARTS,
        "llegiu també|llegeix també|subscriu-te|segueix-nos"},
    {"ca", CUE_FURNITURE, WHOLE,
        "comparteix|publicitat"},
    {"ca", CUE_RELATED, WHOLE,
        "notícies relacionades|més llegides|et pot interessar|comentaris"},
    {"ca", CUE_CAPTION, STARTS,
        "foto:|imatge:"},
    {"ca", CUE_BYLINE, STARTS,
        "text:|autor:"},
    {"ca", CUE_BYLINE, OWN,
        "per"},
    {"ca", CUE_DATE, STARTS,
        "publicat|publicat el"},
    {"ca", CUE_MODIFIED, STARTS,
        "actualitzat|actualitzat el"},
    {"ca", CUE_NOTICE, STARTS,
        "correcció:"},
    {"ca", CUE_NOTICE, WHOLE,
        "correcció"},
    {"ca", CUE_ROLE, STARTS,
        "redacció|periodista"},
    {"ca", CUE_SOURCE, STARTS,
        "font:|fonts:"},
    {NULL, CUE_NONE, STARTS, NULL},
};

const char *const prompt_words[] = {
    "subscri", "newsletter", "sign in", "sign up", "register", "log in", "create an account",
    "unlimited access", "abonn", "anmelden", "registrier", "einloggen", "probeabo",
    "kostenlos testen", "inscri", "connectez-vous", "s'identifier", "suscr", "regístrate",
    "inicia ses", "assine", "cadastr", "abbonati", "iscriviti", "accedi", "aanmeld", "prenumer",
    "logga in", "logg inn", "log ind", "zaloguj", "předplat", "přihl", "előfizet", "abone",
    "подпис", "підпис", "会員", "登録", "구독", "로그인", "订阅", "訂閱", "đăng ký", "berlangganan", "tilaa",
    "εγγρ", "اشترك",
    NULL,
};
/* clang-format on */
