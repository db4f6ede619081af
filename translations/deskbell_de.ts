<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
        <name>AccessFailures</name>
        <message>
                <source>The server does not answer. Nothing was changed; try again when you are online.</source>
                <translation>Der Server antwortet nicht. Es wurde nichts geändert; versuch es noch einmal, wenn du online bist.</translation>
        </message>
        <message>
                <source>Your sign-in is over. Sign in again.</source>
                <translation>Deine Anmeldung ist abgelaufen. Melde dich noch einmal an.</translation>
        </message>
        <message>
                <source>This server is too old for that.</source>
                <translation>Dieser Server ist dafür zu alt.</translation>
        </message>
</context>
<context>
        <name>AccountDesk</name>
        <message>
                <source>Waiting for the keychain</source>
                <translation>Warten auf den Schlüsselbund</translation>
        </message>
        <message>
                <source>It holds the key to your conversations on this computer. Unlock it to go on.</source>
                <translation>Darin liegt der Schlüssel zu deinen Gesprächen auf diesem Rechner. Entsperre ihn, um weiterzumachen.</translation>
        </message>
        <message>
                <source>Sign in again to go on. Your conversations are still on this computer.</source>
                <translation>Melde dich wieder an, um weiterzuarbeiten. Deine Gespräche sind noch auf diesem Rechner.</translation>
        </message>
        <message>
                <source>You are signed out.</source>
                <translation>Du bist abgemeldet.</translation>
        </message>
        <message>
                <source>Your local data cannot be opened</source>
                <translation>Deine lokalen Daten lassen sich nicht öffnen</translation>
        </message>
        <message>
                <source>Quit</source>
                <translation>Beenden</translation>
        </message>
        <message>
                <source>Back to %1</source>
                <translation>Zurück zu %1</translation>
        </message>
        <message>
                <source>You are signed in to this account here already.</source>
                <translation>Mit diesem Konto bist du hier schon angemeldet.</translation>
        </message>
        <message>
                <source>Changes of the person who used this computer before have not been sent yet. That person must sign in first.</source>
                <translation>Änderungen der Person, die diesen Rechner vorher benutzt hat, sind noch nicht gesendet. Sie muss sich zuerst anmelden.</translation>
        </message>
        <message>
                <source>The sign-in could not be stored on this computer.</source>
                <translation>Die Anmeldung konnte auf diesem Rechner nicht gespeichert werden.</translation>
        </message>
        <message>
                <source>New account</source>
                <translation>Neues Konto</translation>
        </message>
        <message>
                <source>Account</source>
                <translation>Konto</translation>
        </message>
        <message>
                <source>Signed out</source>
                <translation>Abgemeldet</translation>
        </message>
        <message>
                <source>Cannot be opened</source>
                <translation>Lässt sich nicht öffnen</translation>
        </message>
        <message>
                <source>%1 · %2</source>
                <translation>%1 · %2</translation>
        </message>
</context>
<context>
        <name>AccountSwitcher</name>
        <message>
                <source>%1, %2</source>
                <translation>%1, %2</translation>
        </message>
        <message numerus="yes">
                <source>%1, %n unread</source>
                <translation>
                        <numerusform>%1, %n ungelesene</numerusform>
                        <numerusform>%1, %n ungelesene</numerusform>
                </translation>
        </message>
        <message>
                <source>%1, on screen</source>
                <translation>%1, wird gezeigt</translation>
        </message>
        <message>
                <source>Accounts</source>
                <translation>Konten</translation>
        </message>
        <message>
                <source>Add account…</source>
                <translation>Konto hinzufügen…</translation>
        </message>
        <message>
                <source>Sign out of this account…</source>
                <translation>Von diesem Konto abmelden…</translation>
        </message>
</context>
<context>
        <name>AssigneeButton</name>
        <message>
                <source>Assign</source>
                <translation>Zuweisen</translation>
        </message>
        <message>
                <source>Assigned to you</source>
                <translation>Dir zugewiesen</translation>
        </message>
        <message>
                <source>Assigned to %1</source>
                <translation>%1 zugewiesen</translation>
        </message>
</context>
<context>
        <name>AttachmentChips</name>
        <message>
                <source>Remove %1</source>
                <translation>%1 entfernen</translation>
        </message>
        <message>
                <source>Try %1 again</source>
                <translation>%1 noch einmal versuchen</translation>
        </message>
        <message>
                <source>%1, failed: %2</source>
                <translation>%1, fehlgeschlagen: %2</translation>
        </message>
        <message>
                <source>%1, %2 % uploaded</source>
                <translation>%1, %2 % hochgeladen</translation>
        </message>
        <message>
                <source>%1, %2</source>
                <translation>%1, %2</translation>
        </message>
        <message>
                <source>Attachments</source>
                <translation>Anhänge</translation>
        </message>
</context>
<context>
        <name>CommandPalette</name>
        <message>
                <source>Command palette</source>
                <translation>Befehlspalette</translation>
        </message>
        <message>
                <source>Type a command or a name</source>
                <translation>Befehl oder Namen eingeben</translation>
        </message>
        <message>
                <source>Results</source>
                <translation>Ergebnisse</translation>
        </message>
</context>
<context>
        <name>Composer</name>
        <message>
                <source>Write a reply</source>
                <translation>Antwort schreiben</translation>
        </message>
        <message>
                <source>Write a note that only your team sees</source>
                <translation>Notiz schreiben, die nur das Team sieht</translation>
        </message>
        <message>
                <source>Composer</source>
                <translation>Schreibfeld</translation>
        </message>
        <message>
                <source>Reply</source>
                <translation>Antwort</translation>
        </message>
        <message>
                <source>Private note</source>
                <translation>Private Notiz</translation>
        </message>
        <message>
                <source>Kind of message</source>
                <translation>Art der Nachricht</translation>
        </message>
        <message>
                <source>Attach a file</source>
                <translation>Datei anhängen</translation>
        </message>
        <message>
                <source>Insert an emoji</source>
                <translation>Emoji einfügen</translation>
        </message>
        <message>
                <source>Send</source>
                <translation>Senden</translation>
        </message>
        <message>
                <source>Add note</source>
                <translation>Notiz speichern</translation>
        </message>
        <message>
                <source>Ctrl</source>
                <translation>Strg</translation>
        </message>
</context>
<context>
        <name>ComposerPresenter</name>
        <message>
                <source>The server does not accept this file.</source>
                <translation>Der Server nimmt diese Datei nicht an.</translation>
        </message>
        <message>
                <source>to %1</source>
                <translation>an %1</translation>
        </message>
        <message>
                <source>This file is larger than 40 MB.</source>
                <translation>Diese Datei ist größer als 40 MB.</translation>
        </message>
        <message>
                <source>This file could not be read.</source>
                <translation>Diese Datei konnte nicht gelesen werden.</translation>
        </message>
        <message>
                <source>Somebody</source>
                <translation>Jemand</translation>
        </message>
        <message numerus="yes">
                <source>%n messages arrived while you were typing.</source>
                <translation>
                        <numerusform>%n Nachricht kam an, während du getippt hast.</numerusform>
                        <numerusform>%n Nachrichten kamen an, während du getippt hast.</numerusform>
                </translation>
        </message>
        <message>
                <source>%1 wrote while you were typing: “%2”</source>
                <translation>%1 hat geschrieben, während du getippt hast: „%2“</translation>
        </message>
        <message>
                <source>sent already</source>
                <translation>schon gesendet</translation>
        </message>
        <message>
                <source>File</source>
                <translation>Datei</translation>
        </message>
</context>
<context>
        <name>ComposerView</name>
        <message>
                <source>Attach files</source>
                <translation>Dateien anhängen</translation>
        </message>
        <message>
                <source>Picture %1</source>
                <translation>Bild %1</translation>
        </message>
        <message>
                <source>Write a reply</source>
                <translation>Antwort schreiben</translation>
        </message>
        <message>
                <source>Reply to %1…</source>
                <translation>Antwort an %1 …</translation>
        </message>
        <message>
                <source>Send anyway</source>
                <translation>Trotzdem senden</translation>
        </message>
        <message>
                <source>Keep editing</source>
                <translation>Weiter bearbeiten</translation>
        </message>
</context>
<context>
        <name>ConnectionPresenter</name>
        <message numerus="yes">
                <source>%n need attention</source>
                <translation>
                        <numerusform>%n braucht Aufmerksamkeit</numerusform>
                        <numerusform>%n brauchen Aufmerksamkeit</numerusform>
                </translation>
        </message>
        <message>
                <source>Online · synced</source>
                <translation>Online · aktuell</translation>
        </message>
        <message>
                <source>Syncing %L1…</source>
                <translation>Abgleich, noch %L1 …</translation>
        </message>
        <message>
                <source>Syncing…</source>
                <translation>Abgleich läuft …</translation>
        </message>
        <message>
                <source>Connecting</source>
                <translation>Verbindung wird aufgebaut</translation>
        </message>
        <message>
                <source>Reconnecting</source>
                <translation>Verbindung wird erneuert</translation>
        </message>
        <message numerus="yes">
                <source>Offline · %n queued</source>
                <translation>
                        <numerusform>Offline · %n wartet</numerusform>
                        <numerusform>Offline · %n warten</numerusform>
                </translation>
        </message>
        <message>
                <source>Offline</source>
                <translation>Offline</translation>
        </message>
        <message>
                <source>Signed out</source>
                <translation>Abgemeldet</translation>
        </message>
        <message>
                <source>In use elsewhere</source>
                <translation>Anderswo in Gebrauch</translation>
        </message>
        <message>
                <source>Update needed</source>
                <translation>Aktualisierung nötig</translation>
        </message>
        <message numerus="yes">
                <source>Offline. You can keep working; %n change(s) will be sent when you&apos;re back.</source>
                <translation>
                        <numerusform>Offline. Du kannst weiterarbeiten; %n Änderung wird gesendet, sobald die Verbindung zurück ist.</numerusform>
                        <numerusform>Offline. Du kannst weiterarbeiten; %n Änderungen werden gesendet, sobald die Verbindung zurück ist.</numerusform>
                </translation>
        </message>
        <message>
                <source>Offline. You can keep working; everything will be sent when you&apos;re back.</source>
                <translation>Offline. Du kannst weiterarbeiten; alles wird gesendet, sobald die Verbindung zurück ist.</translation>
        </message>
        <message>
                <source>You are signed out. You can read what is here; sign in to send and receive.</source>
                <translation>Du bist abgemeldet. Was hier ist, kannst du lesen; zum Senden und Empfangen melde dich an.</translation>
        </message>
        <message>
                <source>Sign in</source>
                <translation>Anmelden</translation>
        </message>
        <message>
                <source>This device was signed out by an administrator. What was synced has been removed from it.</source>
                <translation>Dieses Gerät wurde von der Verwaltung abgemeldet. Die abgeglichenen Daten wurden hier entfernt.</translation>
        </message>
        <message>
                <source>Deskbell was opened with this profile elsewhere and is paused here.</source>
                <translation>Deskbell wurde mit diesem Profil anderswo geöffnet und ruht hier.</translation>
        </message>
        <message>
                <source>Use here</source>
                <translation>Hier verwenden</translation>
        </message>
        <message numerus="yes">
                <source>This device has not reached the server for more than %n day(s). Until it does, you see only what you wrote yourself; nothing is lost.</source>
                <translation>
                        <numerusform>Dieses Gerät hat den Server seit mehr als %n Tag nicht erreicht. Bis es ihn erreicht, siehst du nur, was du selbst geschrieben hast; nichts ist verloren.</numerusform>
                        <numerusform>Dieses Gerät hat den Server seit mehr als %n Tagen nicht erreicht. Bis es ihn erreicht, siehst du nur, was du selbst geschrieben hast; nichts ist verloren.</numerusform>
                </translation>
        </message>
        <message>
                <source>This version is too old for the server. You can read what is here; update to go on.</source>
                <translation>Diese Version ist zu alt für den Server. Was hier ist, kannst du lesen; zum Weiterarbeiten aktualisiere das Programm.</translation>
        </message>
        <message>
                <source>as of %1</source>
                <translation>Stand %1</translation>
        </message>
</context>
<context>
        <name>ContactStore</name>
        <message>
                <source>Visitor</source>
                <translation>Besucher</translation>
        </message>
        <message>
                <source>Visitor %1</source>
                <translation>Besucher %1</translation>
        </message>
</context>
<context>
        <name>ContactView</name>
        <message>
                <source>Details</source>
                <translation>Angaben</translation>
        </message>
        <message>
                <source>Contact</source>
                <translation>Kontakt</translation>
        </message>
        <message>
                <source>Online</source>
                <translation>Online</translation>
        </message>
        <message>
                <source>Online · on %1</source>
                <translation>Online · auf %1</translation>
        </message>
        <message>
                <source>Last seen %1</source>
                <translation>Zuletzt gesehen %1</translation>
        </message>
        <message>
                <source>Offline</source>
                <translation>Offline</translation>
        </message>
        <message>
                <source>Blocked</source>
                <translation>Gesperrt</translation>
        </message>
        <message>
                <source>Since %1</source>
                <translation>Seit %1</translation>
        </message>
        <message>
                <source>Email</source>
                <translation>E-Mail</translation>
        </message>
        <message>
                <source>Phone</source>
                <translation>Telefon</translation>
        </message>
        <message>
                <source>Company</source>
                <translation>Firma</translation>
        </message>
        <message>
                <source>Place</source>
                <translation>Ort</translation>
        </message>
        <message>
                <source>Identifier</source>
                <translation>Kennung</translation>
        </message>
        <message>
                <source>Last page</source>
                <translation>Letzte Seite</translation>
        </message>
        <message>
                <source>Number</source>
                <translation>Nummer</translation>
        </message>
</context>
<context>
        <name>ConversationActions</name>
        <message>
                <source>Not resolved: a new message from the customer arrived.</source>
                <translation>Nicht erledigt: Es kam eine neue Nachricht des Kunden.</translation>
        </message>
        <message>
                <source>Somebody else was assigned meanwhile.</source>
                <translation>Inzwischen wurde jemand anderes zugewiesen.</translation>
        </message>
        <message>
                <source>You no longer have access to this conversation.</source>
                <translation>Du hast keinen Zugriff mehr auf dieses Gespräch.</translation>
        </message>
        <message>
                <source>This conversation was deleted.</source>
                <translation>Dieses Gespräch wurde gelöscht.</translation>
        </message>
        <message>
                <source>This message is too long.</source>
                <translation>Diese Nachricht ist zu lang.</translation>
        </message>
        <message>
                <source>You are not allowed to do this.</source>
                <translation>Dazu hast du keine Berechtigung.</translation>
        </message>
        <message>
                <source>This computer could not store it. Is the disk full?</source>
                <translation>Dieser Rechner konnte es nicht speichern. Ist die Platte voll?</translation>
        </message>
        <message>
                <source>There is nothing to send, or a value is out of range.</source>
                <translation>Es gibt nichts zu senden, oder ein Wert liegt außerhalb des Erlaubten.</translation>
        </message>
        <message>
                <source>The server could not do this. Try again.</source>
                <translation>Der Server konnte das nicht ausführen. Versuche es noch einmal.</translation>
        </message>
        <message>
                <source>Not applied because the reply above is held.</source>
                <translation>Nicht ausgeführt, weil die Antwort darüber zurückgehalten wird.</translation>
        </message>
        <message>
                <source>A colleague answered before your reply was delivered.</source>
                <translation>Jemand aus dem Team hat geantwortet, bevor deine Antwort zugestellt wurde.</translation>
        </message>
        <message>
                <source>The customer wrote again after you typed this.</source>
                <translation>Der Kunde hat noch einmal geschrieben, nachdem du das getippt hattest.</translation>
        </message>
        <message>
                <source>The time in which this customer can be answered here is over. Notes are still possible; it opens again when the customer writes.</source>
                <translation>Die Zeit, in der hier geantwortet werden kann, ist vorbei. Notizen gehen noch; sobald der Kunde wieder schreibt, geht auch eine Antwort.</translation>
        </message>
</context>
<context>
        <name>ConversationCommands</name>
        <message>
                <source>Taken back</source>
                <translation>Zurückgenommen</translation>
        </message>
        <message>
                <source>Snoozed until the customer replies</source>
                <translation>Zurückgestellt, bis der Kunde antwortet</translation>
        </message>
        <message>
                <source>Snoozed until %1</source>
                <translation>Zurückgestellt bis %1</translation>
        </message>
        <message>
                <source>Assigned to nobody</source>
                <translation>Niemandem zugewiesen</translation>
        </message>
        <message>
                <source>Assigned to you</source>
                <translation>Dir zugewiesen</translation>
        </message>
        <message>
                <source>Assigned to %1</source>
                <translation>%1 zugewiesen</translation>
        </message>
        <message>
                <source>Priority: %1</source>
                <translation>Priorität: %1</translation>
        </message>
        <message>
                <source>This conversation</source>
                <translation>Dieses Gespräch</translation>
        </message>
        <message>
                <source>Reply</source>
                <translation>Antworten</translation>
        </message>
        <message>
                <source>Write a private note</source>
                <translation>Private Notiz schreiben</translation>
        </message>
        <message>
                <source>Switch between reply and note</source>
                <translation>Zwischen Antwort und Notiz wechseln</translation>
        </message>
        <message>
                <source>Attach files…</source>
                <translation>Dateien anhängen …</translation>
        </message>
        <message>
                <source>Send</source>
                <translation>Senden</translation>
        </message>
        <message>
                <source>Send and resolve</source>
                <translation>Senden und erledigen</translation>
        </message>
        <message>
                <source>Resolve</source>
                <translation>Erledigen</translation>
        </message>
        <message>
                <source>Resolved</source>
                <translation>Erledigt</translation>
        </message>
        <message>
                <source>Resolve and open the next</source>
                <translation>Erledigen und das nächste öffnen</translation>
        </message>
        <message>
                <source>Reopen</source>
                <translation>Wieder öffnen</translation>
        </message>
        <message>
                <source>Reopened</source>
                <translation>Wieder geöffnet</translation>
        </message>
        <message>
                <source>Mark as pending</source>
                <translation>Als wartend markieren</translation>
        </message>
        <message>
                <source>Pending</source>
                <translation>Wartend</translation>
        </message>
        <message>
                <source>Mark as read</source>
                <translation>Als gelesen markieren</translation>
        </message>
        <message>
                <source>Copy the number</source>
                <translation>Nummer kopieren</translation>
        </message>
        <message>
                <source>Copied</source>
                <translation>Kopiert</translation>
        </message>
        <message>
                <source>Take the last change back</source>
                <translation>Letzte Änderung zurücknehmen</translation>
        </message>
        <message>
                <source>Snooze…</source>
                <translation>Zurückstellen …</translation>
        </message>
        <message>
                <source>Snooze</source>
                <translation>Zurückstellen</translation>
        </message>
        <message>
                <source>Snooze until</source>
                <translation>Zurückstellen bis</translation>
        </message>
        <message>
                <source>Choose a day and a time…</source>
                <translation>Tag und Uhrzeit wählen …</translation>
        </message>
        <message>
                <source>Assign to…</source>
                <translation>Zuweisen an …</translation>
        </message>
        <message>
                <source>Assign to me</source>
                <translation>Mir zuweisen</translation>
        </message>
        <message>
                <source>Assign to nobody</source>
                <translation>Niemandem zuweisen</translation>
        </message>
        <message>
                <source>Assign to</source>
                <translation>Zuweisen an</translation>
        </message>
        <message>
                <source>People</source>
                <translation>Personen</translation>
        </message>
        <message>
                <source>%1 (you)</source>
                <translation>%1 (du)</translation>
        </message>
        <message>
                <source>online</source>
                <translation>online</translation>
        </message>
        <message>
                <source>Nobody</source>
                <translation>Niemand</translation>
        </message>
        <message>
                <source>Priority</source>
                <translation>Priorität</translation>
        </message>
        <message>
                <source>Move</source>
                <translation>Bewegen</translation>
        </message>
        <message>
                <source>Next conversation</source>
                <translation>Nächstes Gespräch</translation>
        </message>
        <message>
                <source>Previous conversation</source>
                <translation>Voriges Gespräch</translation>
        </message>
        <message>
                <source>Find a conversation</source>
                <translation>Gespräch finden</translation>
        </message>
        <message>
                <source>Jump to the newest message</source>
                <translation>Zur neuesten Nachricht</translation>
        </message>
        <message>
                <source>Find a person…</source>
                <translation>Person finden …</translation>
        </message>
        <message>
                <source>More actions</source>
                <translation>Weitere Aktionen</translation>
        </message>
        <message>
                <source>More ways to finish</source>
                <translation>Weitere Arten abzuschließen</translation>
        </message>
        <message>
                <source>More ways to send</source>
                <translation>Weitere Arten zu senden</translation>
        </message>
</context>
<context>
        <name>ConversationHeaderView</name>
        <message>
                <source>Snooze</source>
                <translation>Zurückstellen</translation>
        </message>
        <message>
                <source>More actions</source>
                <translation>Weitere Aktionen</translation>
        </message>
        <message>
                <source>Resolve</source>
                <translation>Erledigen</translation>
        </message>
        <message>
                <source>More ways to finish</source>
                <translation>Weitere Arten abzuschließen</translation>
        </message>
        <message>
                <source>Reopen</source>
                <translation>Wieder öffnen</translation>
        </message>
</context>
<context>
        <name>ConversationListModel</name>
        <message>
                <source>Note:</source>
                <translation>Notiz:</translation>
        </message>
        <message>
                <source>You:</source>
                <translation>Du:</translation>
        </message>
        <message>
                <source>%1 is typing…</source>
                <translation>%1 schreibt …</translation>
        </message>
</context>
<context>
        <name>ConversationListView</name>
        <message>
                <source>Find a conversation</source>
                <translation>Gespräch finden</translation>
        </message>
        <message>
                <source>Filter by status</source>
                <translation>Nach Status filtern</translation>
        </message>
        <message>
                <source>Sort</source>
                <translation>Sortieren</translation>
        </message>
        <message>
                <source>Find by name, address or words</source>
                <translation>Nach Name, Adresse oder Wörtern suchen</translation>
        </message>
        <message>
                <source>Conversations</source>
                <translation>Gespräche</translation>
        </message>
        <message>
                <source>Whose conversations</source>
                <translation>Wessen Gespräche</translation>
        </message>
        <message>
                <source>Inbox</source>
                <translation>Posteingang</translation>
        </message>
        <message>
                <source>Mine</source>
                <translation>Meine</translation>
        </message>
        <message>
                <source>Unassigned</source>
                <translation>Nicht zugewiesen</translation>
        </message>
        <message>
                <source>All</source>
                <translation>Alle</translation>
        </message>
        <message>
                <source>Getting your conversations: %1 of %2</source>
                <translation>Gespräche werden geholt: %1 von %2</translation>
        </message>
        <message>
                <source>Getting your conversations…</source>
                <translation>Gespräche werden geholt …</translation>
        </message>
        <message>
                <source>Any status</source>
                <translation>Jeder Status</translation>
        </message>
        <message>
                <source>Status: %1. Show open ones</source>
                <translation>Status: %1. Offene zeigen</translation>
        </message>
        <message>
                <source>Nothing found</source>
                <translation>Nichts gefunden</translation>
        </message>
        <message>
                <source>Only what is on this device is searched: names, addresses and messages.</source>
                <translation>Durchsucht wird nur, was auf diesem Gerät ist: Namen, Adressen und Nachrichten.</translation>
        </message>
        <message>
                <source>Older messages are still being made ready for search. Try again in a moment.</source>
                <translation>Ältere Nachrichten werden noch für die Suche vorbereitet. Versuche es gleich noch einmal.</translation>
        </message>
        <message>
                <source>No drafts</source>
                <translation>Keine Entwürfe</translation>
        </message>
        <message>
                <source>What you write is kept here until you send it.</source>
                <translation>Was du schreibst, bleibt hier, bis du es sendest.</translation>
        </message>
        <message>
                <source>Inbox zero</source>
                <translation>Alles erledigt</translation>
        </message>
        <message numerus="yes">
                <source>%n unassigned conversation(s) are waiting.</source>
                <translation>
                        <numerusform>%n Gespräch ohne Zuständige wartet.</numerusform>
                        <numerusform>%n Gespräche ohne Zuständige warten.</numerusform>
                </translation>
        </message>
        <message>
                <source>Take the oldest</source>
                <translation>Das älteste nehmen</translation>
        </message>
        <message>
                <source>Nothing open</source>
                <translation>Nichts offen</translation>
        </message>
        <message>
                <source>New conversations appear here as soon as somebody writes.</source>
                <translation>Neue Gespräche erscheinen hier, sobald jemand schreibt.</translation>
        </message>
        <message>
                <source>Nothing here</source>
                <translation>Hier ist nichts</translation>
        </message>
        <message>
                <source>No conversation has this status. Choose another one with the filter above.</source>
                <translation>Kein Gespräch hat diesen Status. Wähle oben einen anderen.</translation>
        </message>
        <message>
                <source>Newest first</source>
                <translation>Neueste zuerst</translation>
        </message>
        <message>
                <source>Oldest first</source>
                <translation>Älteste zuerst</translation>
        </message>
        <message>
                <source>By priority</source>
                <translation>Nach Priorität</translation>
        </message>
</context>
<context>
        <name>ConversationStore</name>
        <message>
                <source>Open</source>
                <translation>Offen</translation>
        </message>
        <message>
                <source>Pending</source>
                <translation>Wartend</translation>
        </message>
        <message>
                <source>Snoozed</source>
                <translation>Zurückgestellt</translation>
        </message>
        <message>
                <source>Resolved</source>
                <translation>Erledigt</translation>
        </message>
        <message>
                <source>None</source>
                <translation>Keine</translation>
        </message>
        <message>
                <source>Low</source>
                <translation>Niedrig</translation>
        </message>
        <message>
                <source>Medium</source>
                <translation>Mittel</translation>
        </message>
        <message>
                <source>High</source>
                <translation>Hoch</translation>
        </message>
        <message>
                <source>Urgent</source>
                <translation>Dringend</translation>
        </message>
        <message>
                <source>now</source>
                <translation>jetzt</translation>
        </message>
        <message>
                <source>%1m</source>
                <translation>%1 Min.</translation>
        </message>
        <message>
                <source>%1h</source>
                <translation>%1 Std.</translation>
        </message>
        <message>
                <source>Yesterday</source>
                <translation>Gestern</translation>
        </message>
        <message>
                <source>until the next reply</source>
                <translation>bis zur nächsten Antwort</translation>
        </message>
        <message>
                <source>until %1</source>
                <translation>bis %1</translation>
        </message>
        <message>
                <source>until tomorrow %1</source>
                <translation>bis morgen %1</translation>
        </message>
        <message>
                <source>due</source>
                <translation>fällig</translation>
        </message>
</context>
<context>
        <name>ConversationView</name>
        <message>
                <source>No conversation chosen</source>
                <translation>Kein Gespräch gewählt</translation>
        </message>
        <message>
                <source>Choose one in the list, or press J to open the next one.</source>
                <translation>Wähle eines in der Liste, oder öffne mit J das nächste.</translation>
        </message>
        <message>
                <source>%1 · #%2</source>
                <translation>%1 · #%2</translation>
        </message>
        <message>
                <source>%1 is replying</source>
                <translation>%1 antwortet gerade</translation>
        </message>
        <message>
                <source>%1 is viewing</source>
                <translation>%1 sieht es gerade an</translation>
        </message>
        <message numerus="yes">
                <source>%1 and %n more are viewing</source>
                <translation>
                        <numerusform>%1 und %n weitere Person sehen es an</numerusform>
                        <numerusform>%1 und %n weitere Personen sehen es an</numerusform>
                </translation>
        </message>
        <message>
                <source>The file could not be fetched. Try again when you are online.</source>
                <translation>Die Datei konnte nicht geholt werden. Versuche es wieder, wenn du online bist.</translation>
        </message>
        <message>
                <source>Save file</source>
                <translation>Datei speichern</translation>
        </message>
        <message>
                <source>Saved as %1</source>
                <translation>Gespeichert als %1</translation>
        </message>
        <message>
                <source>The file could not be saved there.</source>
                <translation>Die Datei konnte dort nicht gespeichert werden.</translation>
        </message>
        <message>
                <source>Too late: your reply had gone out already.</source>
                <translation>Zu spät: Deine Antwort war schon unterwegs.</translation>
        </message>
</context>
<context>
        <name>Desktop</name>
        <message>
                <source>There are as many accounts as this program takes.</source>
                <translation>Mehr Konten nimmt dieses Programm nicht auf.</translation>
        </message>
        <message>
                <source>Remove %1 from this computer?</source>
                <translation>%1 von diesem Rechner entfernen?</translation>
        </message>
        <message>
                <source>Sign in again to go on. Your conversations are still on this computer.</source>
                <translation>Melde dich wieder an, um weiterzuarbeiten. Deine Gespräche sind noch auf diesem Rechner.</translation>
        </message>
        <message>
                <source>Everything of this account on this computer is deleted, drafts and changes that were not sent included. On the server nothing changes.</source>
                <translation>Alles von diesem Konto auf diesem Rechner wird gelöscht, auch Entwürfe und Änderungen, die noch nicht gesendet wurden. Auf dem Server ändert sich nichts.</translation>
        </message>
        <message>
                <source>Remove</source>
                <translation>Entfernen</translation>
        </message>
        <message>
                <source>This link is none that Deskbell understands.</source>
                <translation>Diesen Link versteht Deskbell nicht.</translation>
        </message>
        <message>
                <source>This link leads to %1, where you are not signed in.</source>
                <translation>Dieser Link führt zu %1; dort bist du nicht angemeldet.</translation>
        </message>
        <message>
                <source>Conversation #%1 is not on this computer.</source>
                <translation>Unterhaltung #%1 ist nicht auf diesem Rechner.</translation>
        </message>
</context>
<context>
        <name>DesktopNotices</name>
        <message>
                <source>Open</source>
                <translation>Öffnen</translation>
        </message>
        <message>
                <source>Reply</source>
                <translation>Antworten</translation>
        </message>
</context>
<context>
        <name>DevicesPresenter</name>
        <message>
                <source>Active recently</source>
                <translation>Vor kurzem aktiv</translation>
        </message>
        <message numerus="yes">
                <source>Last seen %n minute(s) ago</source>
                <translation>
                        <numerusform>Zuletzt vor %n Minute</numerusform>
                        <numerusform>Zuletzt vor %n Minuten</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>Last seen %n hour(s) ago</source>
                <translation>
                        <numerusform>Zuletzt vor %n Stunde</numerusform>
                        <numerusform>Zuletzt vor %n Stunden</numerusform>
                </translation>
        </message>
        <message>
                <source>Last seen on %1</source>
                <translation>Zuletzt am %1</translation>
        </message>
        <message>
                <source>%1 is signed out.</source>
                <translation>%1 ist abgemeldet.</translation>
        </message>
        <message numerus="yes">
                <source>%n device(s) are signed out.</source>
                <translation>
                        <numerusform>%n Gerät ist abgemeldet.</numerusform>
                        <numerusform>%n Geräte sind abgemeldet.</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>DevicesView</name>
        <message>
                <source>Deskbell %1</source>
                <translation>Deskbell %1</translation>
        </message>
        <message>
                <source>Sign out all others…</source>
                <translation>Alle anderen abmelden…</translation>
        </message>
        <message>
                <source>You are signed in on these devices. Sign out one that you do not use any more or do not know.</source>
                <translation>Auf diesen Geräten bist du angemeldet. Melde ab, was du nicht mehr benutzt oder nicht kennst.</translation>
        </message>
        <message>
                <source>Asking the server…</source>
                <translation>Der Server wird gefragt…</translation>
        </message>
        <message>
                <source>Password</source>
                <translation>Passwort</translation>
        </message>
        <message>
                <source>A new password signs all your other devices out.</source>
                <translation>Ein neues Passwort meldet alle deine anderen Geräte ab.</translation>
        </message>
        <message>
                <source>Change password…</source>
                <translation>Passwort ändern…</translation>
        </message>
        <message>
                <source>You are offline. Your devices are shown when you&apos;re back.</source>
                <translation>Du bist offline. Deine Geräte werden gezeigt, wenn du wieder online bist.</translation>
        </message>
        <message>
                <source>You are offline. This list is as of %1; signing out has to wait.</source>
                <translation>Du bist offline. Diese Liste ist von %1 Uhr; das Abmelden muss warten.</translation>
        </message>
        <message>
                <source>Signing out…</source>
                <translation>Wird abgemeldet…</translation>
        </message>
        <message>
                <source>A device without a name</source>
                <translation>Ein Gerät ohne Namen</translation>
        </message>
        <message>
                <source>This device</source>
                <translation>Dieses Gerät</translation>
        </message>
        <message>
                <source>unknown system</source>
                <translation>unbekanntes System</translation>
        </message>
        <message>
                <source>In use now</source>
                <translation>Gerade in Benutzung</translation>
        </message>
        <message>
                <source>%1, %2, %3</source>
                <translation>%1, %2, %3</translation>
        </message>
        <message>
                <source>Sign out…</source>
                <translation>Abmelden …</translation>
        </message>
        <message>
                <source>You are offline.</source>
                <translation>Du bist offline.</translation>
        </message>
</context>
<context>
        <name>EmojiPicker</name>
        <message>
                <source>Search emoji</source>
                <translation>Emoji suchen</translation>
        </message>
        <message>
                <source>Emoji</source>
                <translation>Emoji</translation>
        </message>
</context>
<context>
        <name>HttpAuth</name>
        <message>
                <source>There is no Deskbell server at this address.</source>
                <translation>Unter dieser Adresse gibt es keinen Deskbell-Server.</translation>
        </message>
        <message>
                <source>The server&apos;s certificate is not trusted, so nothing was sent. Check the address, or ask whoever runs the server.</source>
                <translation>Dem Zertifikat des Servers wird nicht vertraut, deshalb wurde nichts gesendet. Prüfe die Adresse, oder frage, wer den Server betreibt.</translation>
        </message>
        <message>
                <source>There is no server with this name. Check the address.</source>
                <translation>Es gibt keinen Server mit diesem Namen. Prüfe die Adresse.</translation>
        </message>
        <message>
                <source>The server does not accept connections. Is it running?</source>
                <translation>Der Server nimmt keine Verbindungen an. Läuft er?</translation>
        </message>
        <message>
                <source>The server does not answer. Check the address and your connection.</source>
                <translation>Der Server antwortet nicht. Prüfe die Adresse und deine Verbindung.</translation>
        </message>
        <message>
                <source>This user was deactivated.</source>
                <translation>Dieses Konto wurde deaktiviert.</translation>
        </message>
        <message>
                <source>This device was signed out by an administrator.</source>
                <translation>Dieses Gerät wurde von der Verwaltung abgemeldet.</translation>
        </message>
        <message>
                <source>The e-mail address or the password is wrong.</source>
                <translation>Die E-Mail-Adresse oder das Passwort ist falsch.</translation>
        </message>
        <message>
                <source>Too many attempts. Wait a minute and try again.</source>
                <translation>Zu viele Versuche. Warte eine Minute und versuche es noch einmal.</translation>
        </message>
        <message>
                <source>The server has a problem. Try again in a moment.</source>
                <translation>Der Server hat ein Problem. Versuche es gleich noch einmal.</translation>
        </message>
        <message>
                <source>The server did not accept what was entered.</source>
                <translation>Der Server hat die Eingabe nicht angenommen.</translation>
        </message>
        <message>
                <source>This program is too old for the server. Update Deskbell.</source>
                <translation>Dieses Programm ist zu alt für den Server. Aktualisiere Deskbell.</translation>
        </message>
        <message>
                <source>The server is too old for this program.</source>
                <translation>Der Server ist zu alt für dieses Programm.</translation>
        </message>
        <message>
                <source>You are offline.</source>
                <translation>Du bist offline.</translation>
        </message>
</context>
<context>
        <name>InboxStore</name>
        <message>
                <source>website chat</source>
                <translation>Website-Chat</translation>
        </message>
</context>
<context>
        <name>JumpPill</name>
        <message numerus="yes">
                <source>%n new</source>
                <translation>
                        <numerusform>%n neue</numerusform>
                        <numerusform>%n neue</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>Jump to latest, %n new</source>
                <translation>
                        <numerusform>Zur neuesten, %n neue</numerusform>
                        <numerusform>Zur neuesten, %n neue</numerusform>
                </translation>
        </message>
        <message>
                <source>Jump to latest</source>
                <translation>Zur neuesten</translation>
        </message>
</context>
<context>
        <name>MainWindow</name>
        <message>
                <source>Deskbell</source>
                <translation>Deskbell</translation>
        </message>
        <message>
                <source>%1 · Deskbell</source>
                <translation>%1 · Deskbell</translation>
        </message>
</context>
<context>
        <name>Navigation</name>
        <message>
                <source>Inbox</source>
                <translation>Posteingang</translation>
        </message>
        <message>
                <source>G then I</source>
                <translation>G, dann I</translation>
        </message>
        <message>
                <source>Drafts</source>
                <translation>Entwürfe</translation>
        </message>
        <message>
                <source>G then D</source>
                <translation>G, dann D</translation>
        </message>
        <message>
                <source>Snoozed</source>
                <translation>Zurückgestellt</translation>
        </message>
        <message>
                <source>G then S</source>
                <translation>G, dann S</translation>
        </message>
        <message>
                <source>Pending</source>
                <translation>Wartend</translation>
        </message>
        <message>
                <source>Resolved</source>
                <translation>Erledigt</translation>
        </message>
        <message>
                <source>Outbox</source>
                <translation>Postausgang</translation>
        </message>
        <message>
                <source>Channels</source>
                <translation>Kanäle</translation>
        </message>
        <message>
                <source>Teams</source>
                <translation>Teams</translation>
        </message>
        <message>
                <source>Labels</source>
                <translation>Labels</translation>
        </message>
</context>
<context>
        <name>NotificationCenter</name>
        <message>
                <source>Deskbell</source>
                <translation>Deskbell</translation>
        </message>
        <message numerus="yes">
                <source>%n new message(s)</source>
                <translation>
                        <numerusform>%n neue Nachricht</numerusform>
                        <numerusform>%n neue Nachrichten</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%1 · %n unread</source>
                <translation>
                        <numerusform>%1 · %n ungelesen</numerusform>
                        <numerusform>%1 · %n ungelesen</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>in %n conversation(s)</source>
                <translation>
                        <numerusform>in %n Gespräch</numerusform>
                        <numerusform>in %n Gesprächen</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>OutboxView</name>
        <message>
                <source>Everything is sent</source>
                <translation>Alles ist gesendet</translation>
        </message>
        <message>
                <source>What waits for a connection, or was refused by the server, would be listed here.</source>
                <translation>Was auf eine Verbindung wartet oder vom Server abgelehnt wurde, stünde hier.</translation>
        </message>
        <message>
                <source>Waiting to be sent</source>
                <translation>Wartet auf das Senden</translation>
        </message>
        <message>
                <source>%1. %2</source>
                <translation>%1. %2</translation>
        </message>
        <message>
                <source>Copied</source>
                <translation>Kopiert</translation>
        </message>
        <message>
                <source>Needs your attention</source>
                <translation>Braucht deine Entscheidung</translation>
        </message>
        <message>
                <source>Export…</source>
                <translation>Exportieren…</translation>
        </message>
        <message>
                <source>Written %1</source>
                <translation>Geschrieben %1</translation>
        </message>
        <message>
                <source>Export problems</source>
                <translation>Probleme exportieren</translation>
        </message>
        <message>
                <source>Text (*.txt)</source>
                <translation>Text (*.txt)</translation>
        </message>
        <message>
                <source>JSON (*.json)</source>
                <translation>JSON (*.json)</translation>
        </message>
        <message>
                <source>Saved as %1</source>
                <translation>Gespeichert als %1</translation>
        </message>
        <message>
                <source>The file could not be saved there.</source>
                <translation>Die Datei konnte dort nicht gespeichert werden.</translation>
        </message>
</context>
<context>
        <name>Overlay</name>
        <message>
                <source>Close</source>
                <translation>Schließen</translation>
        </message>
        <message>
                <source>Cancel</source>
                <translation>Abbrechen</translation>
        </message>
</context>
<context>
        <name>OverlayScrollBar</name>
        <message>
                <source>Scroll bar</source>
                <translation>Bildlaufleiste</translation>
        </message>
</context>
<context>
        <name>PageFrame</name>
        <message>
                <source>Back to the inbox</source>
                <translation>Zurück zum Posteingang</translation>
        </message>
</context>
<context>
        <name>Pages</name>
        <message>
                <source>Message to %1</source>
                <translation>Nachricht an %1</translation>
        </message>
        <message>
                <source>Status of the conversation with %1</source>
                <translation>Status des Gesprächs mit %1</translation>
        </message>
        <message>
                <source>Snooze of the conversation with %1</source>
                <translation>Zurückstellen des Gesprächs mit %1</translation>
        </message>
        <message>
                <source>Assignee of the conversation with %1</source>
                <translation>Zuweisung des Gesprächs mit %1</translation>
        </message>
        <message>
                <source>Priority of the conversation with %1</source>
                <translation>Priorität des Gesprächs mit %1</translation>
        </message>
        <message>
                <source>A change</source>
                <translation>Eine Änderung</translation>
        </message>
        <message>
                <source>Signed in as</source>
                <translation>Angemeldet als</translation>
        </message>
        <message>
                <source>Server</source>
                <translation>Server</translation>
        </message>
        <message>
                <source>Your sign-in is kept in</source>
                <translation>Deine Anmeldung liegt in</translation>
        </message>
        <message>
                <source>a file that only you can read, because this system offers no keychain</source>
                <translation>einer Datei, die nur du lesen kannst, weil dieses System keinen Schlüsselbund bietet</translation>
        </message>
        <message>
                <source>the keychain of this system</source>
                <translation>dem Schlüsselbund dieses Systems</translation>
        </message>
        <message>
                <source>Version</source>
                <translation>Version</translation>
        </message>
        <message>
                <source>Outbox</source>
                <translation>Postausgang</translation>
        </message>
        <message>
                <source>Devices</source>
                <translation>Geräte</translation>
        </message>
        <message>
                <source>Sign out %1?</source>
                <translation>%1 abmelden?</translation>
        </message>
        <message>
                <source>What was synced is removed from it when it next connects. What was written there and not sent yet is kept for the next sign-in.</source>
                <translation>Was synchronisiert wurde, wird dort entfernt, sobald es sich wieder verbindet. Was dort geschrieben und noch nicht gesendet wurde, bleibt für die nächste Anmeldung erhalten.</translation>
        </message>
        <message>
                <source>Sign out</source>
                <translation>Abmelden</translation>
        </message>
        <message numerus="yes">
                <source>Sign out %n other device(s)?</source>
                <translation>
                        <numerusform>%n anderes Gerät abmelden?</numerusform>
                        <numerusform>%n andere Geräte abmelden?</numerusform>
                </translation>
        </message>
        <message>
                <source>Only this device stays signed in. What was synced is removed from the others when they next connect.</source>
                <translation>Nur dieses Gerät bleibt angemeldet. Was synchronisiert wurde, wird auf den anderen entfernt, sobald sie sich wieder verbinden.</translation>
        </message>
        <message>
                <source>Sign out the others</source>
                <translation>Die anderen abmelden</translation>
        </message>
        <message>
                <source>Change password</source>
                <translation>Passwort ändern</translation>
        </message>
        <message numerus="yes">
                <source>Password changed. %n other device(s) were signed out.</source>
                <translation>
                        <numerusform>Passwort geändert. %n anderes Gerät wurde abgemeldet.</numerusform>
                        <numerusform>Passwort geändert. %n andere Geräte wurden abgemeldet.</numerusform>
                </translation>
        </message>
        <message>
                <source>Password changed.</source>
                <translation>Passwort geändert.</translation>
        </message>
        <message>
                <source>This system has no keychain: your sign-in is kept in a file that only you can read.</source>
                <translation>Dieses System hat keinen Schlüsselbund: Deine Anmeldung liegt in einer Datei, die nur du lesen kannst.</translation>
        </message>
        <message>
                <source>Sign out?</source>
                <translation>Abmelden?</translation>
        </message>
        <message numerus="yes">
                <source>%n change(s) have not been sent yet. They stay on this computer and are sent when you sign in again.</source>
                <translation>
                        <numerusform>%n Änderung ist noch nicht gesendet. Sie bleibt auf diesem Rechner und wird gesendet, wenn du dich wieder anmeldest.</numerusform>
                        <numerusform>%n Änderungen sind noch nicht gesendet. Sie bleiben auf diesem Rechner und werden gesendet, wenn du dich wieder anmeldest.</numerusform>
                </translation>
        </message>
        <message>
                <source>Conversations stay on this computer until you remove them.</source>
                <translation>Gespräche bleiben auf diesem Rechner, bis du sie entfernst.</translation>
        </message>
        <message>
                <source>Cancel</source>
                <translation>Abbrechen</translation>
        </message>
        <message>
                <source>Sign out and remove data</source>
                <translation>Abmelden und Daten entfernen</translation>
        </message>
        <message>
                <source>Macros</source>
                <translation>Makros</translation>
        </message>
        <message>
                <source>Delete the macro %1?</source>
                <translation>Makro %1 löschen?</translation>
        </message>
        <message>
                <source>What it did to conversations stays.</source>
                <translation>Was es mit Gesprächen gemacht hat, bleibt.</translation>
        </message>
        <message>
                <source>Delete</source>
                <translation>Löschen</translation>
        </message>
        <message>
                <source>New macro</source>
                <translation>Neues Makro</translation>
        </message>
        <message>
                <source>Change macro</source>
                <translation>Makro ändern</translation>
        </message>
        <message>
                <source>Macro %1 saved</source>
                <translation>Makro %1 gespeichert</translation>
        </message>
        <message>
                <source>Macro on the conversation with %1</source>
                <translation>Makro im Gespräch mit %1</translation>
        </message>
</context>
<context>
        <name>PasswordForm</name>
        <message>
                <source>All your other devices are signed out by this, and what was synced is removed from them.</source>
                <translation>Alle deine anderen Geräte werden damit abgemeldet, und was synchronisiert wurde, wird dort entfernt.</translation>
        </message>
        <message>
                <source>Current password</source>
                <translation>Bisheriges Passwort</translation>
        </message>
        <message>
                <source>New password</source>
                <translation>Neues Passwort</translation>
        </message>
        <message>
                <source>New password again</source>
                <translation>Neues Passwort noch einmal</translation>
        </message>
        <message>
                <source>Cancel</source>
                <translation>Abbrechen</translation>
        </message>
        <message>
                <source>Change password</source>
                <translation>Passwort ändern</translation>
        </message>
        <message>
                <source>Changing…</source>
                <translation>Wird geändert…</translation>
        </message>
</context>
<context>
        <name>PasswordPresenter</name>
        <message>
                <source>The new password must have %1 to %2 characters.</source>
                <translation>Das neue Passwort muss %1 bis %2 Zeichen haben.</translation>
        </message>
        <message>
                <source>The new password is the old one.</source>
                <translation>Das neue Passwort ist das alte.</translation>
        </message>
        <message>
                <source>The two new passwords differ.</source>
                <translation>Die beiden neuen Passwörter sind verschieden.</translation>
        </message>
        <message>
                <source>The current password is wrong.</source>
                <translation>Das bisherige Passwort ist falsch.</translation>
        </message>
        <message>
                <source>The server does not accept this password. Choose another one.</source>
                <translation>Der Server nimmt dieses Passwort nicht an. Wähle ein anderes.</translation>
        </message>
</context>
<context>
        <name>PreviousLine</name>
        <message>
                <source>%1, %2</source>
                <translation>%1, %2</translation>
        </message>
</context>
<context>
        <name>PreviousView</name>
        <message>
                <source>Previous conversations</source>
                <translation>Frühere Gespräche</translation>
        </message>
        <message>
                <source>%1 · %2</source>
                <translation>%1 · %2</translation>
        </message>
</context>
<context>
        <name>Problem</name>
        <message>
                <source>a moment</source>
                <translation>einen Augenblick</translation>
        </message>
        <message numerus="yes">
                <source>%n minute(s)</source>
                <translation>
                        <numerusform>%n Minute</numerusform>
                        <numerusform>%n Minuten</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%n hour(s)</source>
                <translation>
                        <numerusform>%n Stunde</numerusform>
                        <numerusform>%n Stunden</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%n day(s)</source>
                <translation>
                        <numerusform>%n Tag</numerusform>
                        <numerusform>%n Tagen</numerusform>
                </translation>
        </message>
        <message>
                <source>an unknown conversation</source>
                <translation>ein unbekanntes Gespräch</translation>
        </message>
        <message>
                <source>Change to %1</source>
                <translation>Änderung an %1</translation>
        </message>
        <message>
                <source>Note on %1</source>
                <translation>Notiz zu %1</translation>
        </message>
        <message>
                <source>Reply to %1</source>
                <translation>Antwort an %1</translation>
        </message>
        <message>
                <source>%1 answered %2 before your offline reply was delivered.</source>
                <translation>%1 hat %2 vor der Zustellung deiner offline geschriebenen Antwort geantwortet.</translation>
        </message>
        <message>
                <source>A colleague</source>
                <translation>Jemand aus dem Team</translation>
        </message>
        <message>
                <source>The customer wrote again after you typed this (%1 ago).</source>
                <translation>Der Kunde hat noch einmal geschrieben, nachdem du das getippt hattest (%1 her).</translation>
        </message>
        <message>
                <source>Already assigned to %1.</source>
                <translation>Schon %1 zugewiesen.</translation>
        </message>
        <message>
                <source>Nobody is assigned any more.</source>
                <translation>Niemand ist mehr zugewiesen.</translation>
        </message>
        <message>
                <source>Keep %1</source>
                <translation>%1 behalten</translation>
        </message>
        <message>
                <source>Leave it unassigned</source>
                <translation>Nicht zuweisen</translation>
        </message>
        <message>
                <source>Unassign anyway</source>
                <translation>Trotzdem niemandem zuweisen</translation>
        </message>
        <message>
                <source>Take over</source>
                <translation>Übernehmen</translation>
        </message>
        <message>
                <source>Assign %1 anyway</source>
                <translation>Trotzdem %1 zuweisen</translation>
        </message>
        <message>
                <source>Show both</source>
                <translation>Beide zeigen</translation>
        </message>
        <message>
                <source>Send anyway</source>
                <translation>Trotzdem senden</translation>
        </message>
        <message>
                <source>Edit &amp; send</source>
                <translation>Bearbeiten &amp; senden</translation>
        </message>
        <message>
                <source>Turn into note</source>
                <translation>In Notiz umwandeln</translation>
        </message>
        <message>
                <source>Open</source>
                <translation>Öffnen</translation>
        </message>
        <message>
                <source>Resolve anyway</source>
                <translation>Trotzdem erledigen</translation>
        </message>
        <message>
                <source>Apply now</source>
                <translation>Jetzt ausführen</translation>
        </message>
        <message>
                <source>Try again</source>
                <translation>Noch einmal versuchen</translation>
        </message>
        <message>
                <source>Copy text</source>
                <translation>Text kopieren</translation>
        </message>
        <message>
                <source>Dismiss</source>
                <translation>Ausblenden</translation>
        </message>
        <message>
                <source>Discard</source>
                <translation>Verwerfen</translation>
        </message>
        <message>
                <source>The server does not accept %1; the message waits for it.</source>
                <translation>Der Server nimmt %1 nicht an; die Nachricht wartet darauf.</translation>
        </message>
        <message>
                <source>Still waiting for the server’s answer, for %1.</source>
                <translation>Wartet noch auf die Antwort des Servers, seit %1.</translation>
        </message>
        <message>
                <source>The server failed at this five times. Incident %1.</source>
                <translation>Der Server ist daran fünfmal gescheitert. Vorfall %1.</translation>
        </message>
        <message>
                <source>Sent, although the customer had written again before it arrived.</source>
                <translation>Gesendet, obwohl der Kunde vorher noch einmal geschrieben hatte.</translation>
        </message>
        <message>
                <source>Sent, although %1 had answered %2 before it arrived.</source>
                <translation>Gesendet, obwohl %1 schon geantwortet hatte (%2 davor).</translation>
        </message>
        <message>
                <source>a colleague</source>
                <translation>jemand aus dem Team</translation>
        </message>
        <message>
                <source>Send without it</source>
                <translation>Ohne sie senden</translation>
        </message>
        <message>
                <source>Leave for colleagues</source>
                <translation>Für Kollegen hinterlassen</translation>
        </message>
        <message>
                <source>Macro on %1</source>
                <translation>Makro bei %1</translation>
        </message>
        <message>
                <source>Do not run it</source>
                <translation>Nicht ausführen</translation>
        </message>
        <message>
                <source>Run it anyway</source>
                <translation>Trotzdem ausführen</translation>
        </message>
</context>
<context>
        <name>PropertiesView</name>
        <message>
                <source>Team</source>
                <translation>Team</translation>
        </message>
        <message>
                <source>Labels</source>
                <translation>Labels</translation>
        </message>
        <message>
                <source>None</source>
                <translation>Keine</translation>
        </message>
        <message>
                <source>Conversation</source>
                <translation>Gespräch</translation>
        </message>
        <message>
                <source>Status</source>
                <translation>Status</translation>
        </message>
        <message>
                <source>Priority</source>
                <translation>Priorität</translation>
        </message>
        <message>
                <source>Assignee</source>
                <translation>Zugewiesen</translation>
        </message>
        <message>
                <source>Inbox</source>
                <translation>Posteingang</translation>
        </message>
        <message>
                <source>Started</source>
                <translation>Begonnen</translation>
        </message>
        <message>
                <source>Waiting</source>
                <translation>Wartet seit</translation>
        </message>
        <message>
                <source>%1 %2</source>
                <translation>%1 %2</translation>
        </message>
        <message>
                <source>Nobody</source>
                <translation>Niemand</translation>
        </message>
        <message>
                <source>You</source>
                <translation>Du</translation>
        </message>
</context>
<context>
        <name>PropertyRow</name>
        <message>
                <source>%1: %2</source>
                <translation>%1: %2</translation>
        </message>
</context>
<context>
        <name>PropertySection</name>
        <message>
                <source>Fold %1</source>
                <translation>%1 einklappen</translation>
        </message>
        <message>
                <source>Unfold %1</source>
                <translation>%1 ausklappen</translation>
        </message>
</context>
<context>
        <name>RowModel</name>
        <message>
                <source>#%1 · %2</source>
                <translation>#%1 · %2</translation>
        </message>
</context>
<context>
        <name>SearchField</name>
        <message>
                <source>Clear</source>
                <translation>Leeren</translation>
        </message>
</context>
<context>
        <name>SettingsPage</name>
        <message>
                <source>Offline and storage</source>
                <translation>Offline und Speicher</translation>
        </message>
        <message>
                <source>Settings</source>
                <translation>Einstellungen</translation>
        </message>
        <message>
                <source>Appearance</source>
                <translation>Aussehen</translation>
        </message>
        <message>
                <source>System</source>
                <translation>System</translation>
        </message>
        <message>
                <source>Light</source>
                <translation>Hell</translation>
        </message>
        <message>
                <source>Dark</source>
                <translation>Dunkel</translation>
        </message>
        <message>
                <source>Theme</source>
                <translation>Farben</translation>
        </message>
        <message>
                <source>%1 %</source>
                <translation>%1 %</translation>
        </message>
        <message>
                <source>Text size</source>
                <translation>Textgröße</translation>
        </message>
        <message>
                <source>System language</source>
                <translation>Sprache des Systems</translation>
        </message>
        <message>
                <source>Language</source>
                <translation>Sprache</translation>
        </message>
        <message>
                <source>Compact rows</source>
                <translation>Kompakte Zeilen</translation>
        </message>
        <message>
                <source>Two lines a conversation instead of three.</source>
                <translation>Zwei Zeilen je Gespräch statt drei.</translation>
        </message>
        <message>
                <source>Reduce motion</source>
                <translation>Bewegung verringern</translation>
        </message>
        <message>
                <source>Writing</source>
                <translation>Schreiben</translation>
        </message>
        <message>
                <source>Enter sends</source>
                <translation>Eingabetaste sendet</translation>
        </message>
        <message>
                <source>Shift+Enter then starts a new line. Otherwise Ctrl+Enter sends.</source>
                <translation>Umschalt+Eingabe beginnt dann eine neue Zeile. Sonst sendet Strg+Eingabe.</translation>
        </message>
        <message>
                <source>Keyboard shortcuts</source>
                <translation>Tastenkürzel</translation>
        </message>
        <message>
                <source>Notifications</source>
                <translation>Benachrichtigungen</translation>
        </message>
        <message>
                <source>Notify about new messages</source>
                <translation>Neue Nachrichten melden</translation>
        </message>
        <message>
                <source>Not for the conversation you are looking at.</source>
                <translation>Nicht für das Gespräch, das du gerade ansiehst.</translation>
        </message>
        <message>
                <source>Show who wrote and what</source>
                <translation>Zeigen, wer was geschrieben hat</translation>
        </message>
        <message>
                <source>Otherwise a notification only says that there is a new message.</source>
                <translation>Sonst sagt eine Benachrichtigung nur, dass es eine neue Nachricht gibt.</translation>
        </message>
        <message>
                <source>Keep running in the tray when the window closes</source>
                <translation>Im Infobereich weiterlaufen, wenn das Fenster geschlossen wird</translation>
        </message>
        <message>
                <source>This device</source>
                <translation>Dieses Gerät</translation>
        </message>
        <message>
                <source>Sign out…</source>
                <translation>Abmelden …</translation>
        </message>
        <message>
                <source>Devices and password</source>
                <translation>Geräte und Passwort</translation>
        </message>
</context>
<context>
        <name>ShortcutSheet</name>
        <message>
                <source>Keyboard shortcuts</source>
                <translation>Tastenkürzel</translation>
        </message>
        <message>
                <source>Find a shortcut</source>
                <translation>Kürzel finden</translation>
        </message>
        <message>
                <source>Single letters work while a list or a thread has the focus.</source>
                <translation>Einzelne Buchstaben wirken, solange eine Liste oder ein Gesprächsverlauf den Fokus hat.</translation>
        </message>
</context>
<context>
        <name>Sidebar</name>
        <message>
                <source>Search or jump to</source>
                <translation>Suchen oder springen</translation>
        </message>
        <message>
                <source>Views</source>
                <translation>Ansichten</translation>
        </message>
        <message>
                <source>Settings</source>
                <translation>Einstellungen</translation>
        </message>
</context>
<context>
        <name>SidebarButton</name>
        <message>
                <source>%1, %2</source>
                <translation>%1, %2</translation>
        </message>
        <message numerus="yes">
                <source>%1, %n unread in other accounts</source>
                <translation>
                        <numerusform>%1, %n ungelesene in anderen Konten</numerusform>
                        <numerusform>%1, %n ungelesene in anderen Konten</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>SidebarModel</name>
        <message>
                <source>%1, %2 urgent</source>
                <translation>%1, %2 dringend</translation>
        </message>
        <message>
                <source>%1, %2</source>
                <translation>%1, %2</translation>
        </message>
</context>
<context>
        <name>SignInPresenter</name>
        <message>
                <source>This is no address of a server. It looks like desk.example.com.</source>
                <translation>Das ist keine Serveradresse. Sie sieht aus wie desk.example.com.</translation>
        </message>
</context>
<context>
        <name>SignInView</name>
        <message>
                <source>Sign in</source>
                <translation>Anmelden</translation>
        </message>
        <message>
                <source>Sign in to Deskbell</source>
                <translation>Bei Deskbell anmelden</translation>
        </message>
        <message>
                <source>Use the address and the account that your administrator gave you.</source>
                <translation>Verwende die Adresse und das Konto, die du von der Verwaltung bekommen hast.</translation>
        </message>
        <message>
                <source>Server address</source>
                <translation>Serveradresse</translation>
        </message>
        <message>
                <source>Email</source>
                <translation>E-Mail</translation>
        </message>
        <message>
                <source>Password</source>
                <translation>Passwort</translation>
        </message>
        <message>
                <source>Signing in…</source>
                <translation>Anmeldung läuft …</translation>
        </message>
        <message>
                <source>Remove from this computer…</source>
                <translation>Von diesem Rechner entfernen…</translation>
        </message>
        <message>
                <source>Back to %1</source>
                <translation>Zurück zu %1</translation>
        </message>
        <message>
                <source>Add an account</source>
                <translation>Konto hinzufügen</translation>
        </message>
</context>
<context>
        <name>Skeleton</name>
        <message>
                <source>Loading</source>
                <translation>Wird geladen</translation>
        </message>
</context>
<context>
        <name>SnoozePopover</name>
        <message>
                <source>Snooze until</source>
                <translation>Zurückstellen bis</translation>
        </message>
        <message>
                <source>Day and time</source>
                <translation>Tag und Uhrzeit</translation>
        </message>
        <message>
                <source>Snooze</source>
                <translation>Zurückstellen</translation>
        </message>
</context>
<context>
        <name>SplitButton</name>
        <message>
                <source>More ways: %1</source>
                <translation>Weitere Arten: %1</translation>
        </message>
        <message>
                <source>More</source>
                <translation>Mehr</translation>
        </message>
</context>
<context>
        <name>TabButton</name>
        <message>
                <source>%1, %2</source>
                <translation>%1, %2</translation>
        </message>
</context>
<context>
        <name>ThreadGestures</name>
        <message>
                <source>Open %1</source>
                <translation>%1 öffnen</translation>
        </message>
        <message>
                <source>Save %1…</source>
                <translation>%1 speichern …</translation>
        </message>
        <message>
                <source>Copy</source>
                <translation>Kopieren</translation>
        </message>
        <message>
                <source>Copy message</source>
                <translation>Nachricht kopieren</translation>
        </message>
        <message>
                <source>Copy link</source>
                <translation>Link kopieren</translation>
        </message>
        <message>
                <source>Try again</source>
                <translation>Noch einmal versuchen</translation>
        </message>
        <message>
                <source>Take back into the reply box</source>
                <translation>In das Schreibfeld zurückholen</translation>
        </message>
</context>
<context>
        <name>ThreadView</name>
        <message>
                <source>Latest message</source>
                <translation>Neueste Nachricht</translation>
        </message>
        <message>
                <source>Messages</source>
                <translation>Nachrichten</translation>
        </message>
        <message>
                <source>%1 is typing</source>
                <translation>%1 schreibt</translation>
        </message>
</context>
<context>
        <name>StorageSection</name>
        <message>
                <source>Offline and storage</source>
                <translation>Offline und Speicher</translation>
        </message>
        <message>
                <source>Keep resolved conversations</source>
                <translation>Erledigte Gespräche behalten</translation>
        </message>
        <message>
                <source>30 days</source>
                <translation>30 Tage</translation>
        </message>
        <message>
                <source>90 days</source>
                <translation>90 Tage</translation>
        </message>
        <message>
                <source>A year</source>
                <translation>Ein Jahr</translation>
        </message>
        <message>
                <source>All</source>
                <translation>Alle</translation>
        </message>
        <message>
                <source>Room for conversations</source>
                <translation>Platz für Gespräche</translation>
        </message>
        <message>
                <source>Room for files</source>
                <translation>Platz für Dateien</translation>
        </message>
        <message numerus="yes">
                <source>%n day(s)</source>
                <translation>
                        <numerusform>%n Tag</numerusform>
                        <numerusform>%n Tage</numerusform>
                </translation>
        </message>
        <message>
                <source>%1 of conversations and %2 of files are here. %L3 of %L4 conversations can be read offline; the others are fetched when you open them.</source>
                <translation>%1 an Gesprächen und %2 an Dateien liegen hier. %L3 von %L4 Gesprächen sind offline lesbar; die anderen werden beim Öffnen geholt.</translation>
        </message>
        <message numerus="yes">
                <source>%n change(s) came from a newer version and wait for an update.</source>
                <translation>
                        <numerusform>%n Änderung stammt von einer neueren Version und wartet auf ein Update.</numerusform>
                        <numerusform>%n Änderungen stammen von einer neueren Version und warten auf ein Update.</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>TimelineModel</name>
        <message>
                <source>You took the conversation from its team</source>
                <translation>Du hast das Gespräch seinem Team entzogen</translation>
        </message>
        <message>
                <source>%1 took the conversation from its team</source>
                <translation>%1 hat das Gespräch seinem Team entzogen</translation>
        </message>
        <message>
                <source>You gave the conversation to team %1</source>
                <translation>Du hast das Gespräch dem Team %1 gegeben</translation>
        </message>
        <message>
                <source>%1 gave the conversation to team %2</source>
                <translation>%1 hat das Gespräch dem Team %2 gegeben</translation>
        </message>
        <message>
                <source>You added the label %1</source>
                <translation>Du hast das Label %1 hinzugefügt</translation>
        </message>
        <message>
                <source>%1 added the label %2</source>
                <translation>%1 hat das Label %2 hinzugefügt</translation>
        </message>
        <message>
                <source>You removed the label %1</source>
                <translation>Du hast das Label %1 entfernt</translation>
        </message>
        <message>
                <source>%1 removed the label %2</source>
                <translation>%1 hat das Label %2 entfernt</translation>
        </message>
        <message>
                <source>Older messages are not on this device. They come when you are online again.</source>
                <translation>Ältere Nachrichten sind nicht auf diesem Gerät. Sie kommen, sobald du wieder online bist.</translation>
        </message>
        <message>
                <source>Loading older messages…</source>
                <translation>Ältere Nachrichten werden geladen…</translation>
        </message>
        <message>
                <source>Today</source>
                <translation>Heute</translation>
        </message>
        <message>
                <source>Yesterday</source>
                <translation>Gestern</translation>
        </message>
        <message>
                <source>New</source>
                <translation>Neu</translation>
        </message>
        <message>
                <source>You</source>
                <translation>Du</translation>
        </message>
        <message>
                <source>The message could not be delivered.</source>
                <translation>Die Nachricht konnte nicht zugestellt werden.</translation>
        </message>
        <message>
                <source>Deskbell</source>
                <translation>Deskbell</translation>
        </message>
        <message>
                <source>You resolved the conversation</source>
                <translation>Du hast das Gespräch erledigt</translation>
        </message>
        <message>
                <source>%1 resolved the conversation</source>
                <translation>%1 hat das Gespräch erledigt</translation>
        </message>
        <message>
                <source>You opened the conversation</source>
                <translation>Du hast das Gespräch geöffnet</translation>
        </message>
        <message>
                <source>%1 opened the conversation</source>
                <translation>%1 hat das Gespräch geöffnet</translation>
        </message>
        <message>
                <source>You set the conversation to pending</source>
                <translation>Du hast das Gespräch auf wartend gesetzt</translation>
        </message>
        <message>
                <source>%1 set the conversation to pending</source>
                <translation>%1 hat das Gespräch auf wartend gesetzt</translation>
        </message>
        <message>
                <source>You snoozed the conversation until the next reply</source>
                <translation>Du hast das Gespräch bis zur nächsten Antwort zurückgestellt</translation>
        </message>
        <message>
                <source>%1 snoozed the conversation until the next reply</source>
                <translation>%1 hat das Gespräch bis zur nächsten Antwort zurückgestellt</translation>
        </message>
        <message>
                <source>You snoozed the conversation until %1</source>
                <translation>Du hast das Gespräch bis %1 zurückgestellt</translation>
        </message>
        <message>
                <source>%1 snoozed the conversation until %2</source>
                <translation>%1 hat das Gespräch bis %2 zurückgestellt</translation>
        </message>
        <message>
                <source>You unassigned the conversation</source>
                <translation>Du hast die Zuweisung aufgehoben</translation>
        </message>
        <message>
                <source>%1 unassigned the conversation</source>
                <translation>%1 hat die Zuweisung aufgehoben</translation>
        </message>
        <message>
                <source>You assigned yourself</source>
                <translation>Du hast dir das Gespräch zugewiesen</translation>
        </message>
        <message>
                <source>%1 assigned you</source>
                <translation>%1 hat dir das Gespräch zugewiesen</translation>
        </message>
        <message>
                <source>%1 took the conversation</source>
                <translation>%1 hat das Gespräch übernommen</translation>
        </message>
        <message>
                <source>You assigned %1</source>
                <translation>Du hast das Gespräch %1 zugewiesen</translation>
        </message>
        <message>
                <source>%1 assigned %2</source>
                <translation>%1 hat das Gespräch %2 zugewiesen</translation>
        </message>
        <message>
                <source>You set the priority to %1</source>
                <translation>Du hast die Priorität auf %1 gesetzt</translation>
        </message>
        <message>
                <source>%1 set the priority to %2</source>
                <translation>%1 hat die Priorität auf %2 gesetzt</translation>
        </message>
        <message>
                <source>The conversation was opened again</source>
                <translation>Das Gespräch wurde wieder geöffnet</translation>
        </message>
        <message>
                <source>The conversation began</source>
                <translation>Das Gespräch begann</translation>
        </message>
        <message>
                <source>%1 changed the conversation</source>
                <translation>%1 hat das Gespräch geändert</translation>
        </message>
        <message>
                <source>A file of this message was not accepted.</source>
                <translation>Eine Datei dieser Nachricht wurde nicht angenommen.</translation>
        </message>
        <message>
                <source>It is not known whether this message arrived. Check before you send it again.</source>
                <translation>Es ist nicht bekannt, ob diese Nachricht angekommen ist. Prüfe das, bevor du sie noch einmal sendest.</translation>
        </message>
</context>
<context>
        <name>Toast</name>
        <message>
                <source>%1 %2</source>
                <translation>%1 %2</translation>
        </message>
</context>
<context>
        <name>Tray</name>
        <message>
                <source>Open Deskbell</source>
                <translation>Deskbell öffnen</translation>
        </message>
        <message>
                <source>Do not disturb</source>
                <translation>Nicht stören</translation>
        </message>
        <message>
                <source>Quit</source>
                <translation>Beenden</translation>
        </message>
        <message numerus="yes">
                <source>Deskbell · %n unread</source>
                <translation>
                        <numerusform>Deskbell · %n ungelesen</numerusform>
                        <numerusform>Deskbell · %n ungelesen</numerusform>
                </translation>
        </message>
        <message>
                <source>Deskbell</source>
                <translation>Deskbell</translation>
        </message>
</context>
<context>
        <name>ValueButton</name>
        <message>
                <source>%1: %2</source>
                <translation>%1: %2</translation>
        </message>
</context>
<context>
        <name>Workbench</name>
        <message>
                <source>Conversation</source>
                <translation>Gespräch</translation>
        </message>
        <message>
                <source>Undo</source>
                <translation>Rückgängig</translation>
        </message>
        <message>
                <source>Your reply was held back. Nothing is lost.</source>
                <translation>Deine Antwort wurde zurückgehalten. Nichts ist verloren.</translation>
        </message>
        <message>
                <source>The server refused a change. Nothing is lost.</source>
                <translation>Der Server hat eine Änderung abgelehnt. Nichts ist verloren.</translation>
        </message>
        <message>
                <source>Open outbox</source>
                <translation>Postausgang öffnen</translation>
        </message>
        <message>
                <source>%1 · %2</source>
                <translation>%1 · %2</translation>
        </message>
        <message>
                <source>Queue</source>
                <translation>Warteschlange</translation>
        </message>
        <message>
                <source>Window</source>
                <translation>Fenster</translation>
        </message>
        <message>
                <source>Go to</source>
                <translation>Gehe zu</translation>
        </message>
        <message>
                <source>Search or jump to…</source>
                <translation>Suchen oder springen …</translation>
        </message>
        <message>
                <source>Next pane</source>
                <translation>Nächster Bereich</translation>
        </message>
        <message>
                <source>Previous pane</source>
                <translation>Voriger Bereich</translation>
        </message>
        <message>
                <source>Fold or unfold the sidebar</source>
                <translation>Seitenleiste ein- oder ausklappen</translation>
        </message>
        <message>
                <source>Show or hide the contact</source>
                <translation>Kontakt zeigen oder verbergen</translation>
        </message>
        <message>
                <source>Settings</source>
                <translation>Einstellungen</translation>
        </message>
        <message>
                <source>Keyboard shortcuts</source>
                <translation>Tastenkürzel</translation>
        </message>
        <message>
                <source>Sync now</source>
                <translation>Jetzt abgleichen</translation>
        </message>
        <message>
                <source>Do not disturb on or off</source>
                <translation>Nicht stören an oder aus</translation>
        </message>
        <message>
                <source>Notifications are paused</source>
                <translation>Benachrichtigungen ruhen</translation>
        </message>
        <message>
                <source>Notifications are on</source>
                <translation>Benachrichtigungen sind an</translation>
        </message>
        <message>
                <source>Sign out…</source>
                <translation>Abmelden …</translation>
        </message>
        <message>
                <source>Quit</source>
                <translation>Beenden</translation>
        </message>
        <message>
                <source>Appearance</source>
                <translation>Aussehen</translation>
        </message>
        <message>
                <source>Light theme</source>
                <translation>Helle Farben</translation>
        </message>
        <message>
                <source>Dark theme</source>
                <translation>Dunkle Farben</translation>
        </message>
        <message>
                <source>Theme of the system</source>
                <translation>Farben des Systems</translation>
        </message>
        <message>
                <source>Compact rows on or off</source>
                <translation>Kompakte Zeilen an oder aus</translation>
        </message>
        <message>
                <source>Inbox</source>
                <translation>Posteingang</translation>
        </message>
        <message>
                <source>Drafts</source>
                <translation>Entwürfe</translation>
        </message>
        <message>
                <source>Snoozed</source>
                <translation>Zurückgestellt</translation>
        </message>
        <message>
                <source>Pending</source>
                <translation>Wartend</translation>
        </message>
        <message>
                <source>Resolved</source>
                <translation>Erledigt</translation>
        </message>
        <message>
                <source>Outbox</source>
                <translation>Postausgang</translation>
        </message>
        <message>
                <source>Mine</source>
                <translation>Meine</translation>
        </message>
        <message>
                <source>Unassigned</source>
                <translation>Nicht zugewiesen</translation>
        </message>
        <message>
                <source>All</source>
                <translation>Alle</translation>
        </message>
        <message>
                <source>Conversations</source>
                <translation>Gespräche</translation>
        </message>
        <message>
                <source>#%1 · %2</source>
                <translation>#%1 · %2</translation>
        </message>
        <message>
                <source>Workspace</source>
                <translation>Arbeitsbereich</translation>
        </message>
        <message>
                <source>Account</source>
                <translation>Konto</translation>
        </message>
        <message>
                <source>Devices</source>
                <translation>Geräte</translation>
        </message>
        <message>
                <source>Change password…</source>
                <translation>Passwort ändern…</translation>
        </message>
        <message>
                <source>Add account…</source>
                <translation>Konto hinzufügen…</translation>
        </message>
        <message>
                <source>Switch account</source>
                <translation>Konto wechseln</translation>
        </message>
        <message>
                <source>Account %1</source>
                <translation>Konto %1</translation>
        </message>
        <message>
                <source>Accounts</source>
                <translation>Konten</translation>
        </message>
        <message>
                <source>This conversation</source>
                <translation>Dieses Gespräch</translation>
        </message>
        <message>
                <source>Copy link</source>
                <translation>Link kopieren</translation>
        </message>
        <message>
                <source>Link copied</source>
                <translation>Link kopiert</translation>
        </message>
        <message>
                <source>Macros</source>
                <translation>Makros</translation>
        </message>
</context>
<context>
        <name>client::conversations::SnoozeChoice</name>
        <message>
                <source>Later today</source>
                <translation>Später heute</translation>
        </message>
        <message>
                <source>This evening</source>
                <translation>Heute Abend</translation>
        </message>
        <message>
                <source>Tomorrow</source>
                <translation>Morgen</translation>
        </message>
        <message>
                <source>This weekend</source>
                <translation>Am Wochenende</translation>
        </message>
        <message>
                <source>Next week</source>
                <translation>Nächste Woche</translation>
        </message>
        <message>
                <source>Until the customer replies</source>
                <translation>Bis der Kunde antwortet</translation>
        </message>
</context>
<context>
        <name>client::widgets::CommandPalette</name>
        <message>
                <source>↑↓ move    ↵ run    Tab more    Esc close</source>
                <translation>↑↓ bewegen    ↵ ausführen    Tab mehr    Esc schließen</translation>
        </message>
</context>
<context>
        <name>client::widgets::RowDelegate</name>
        <message>
                <source>Draft</source>
                <translation>Entwurf</translation>
        </message>
</context>
<context>
        <name>client::widgets::ThreadView</name>
        <message>
                <source>Private note · only your team sees this</source>
                <translation>Private Notiz · nur dein Team sieht sie</translation>
        </message>
        <message>
                <source>Review</source>
                <translation>Prüfen</translation>
        </message>
        <message>
                <source>Retry</source>
                <translation>Noch einmal</translation>
        </message>
        <message>
                <source>New</source>
                <translation>Neu</translation>
        </message>
        <message>
                <source>Undo</source>
                <translation>Rückgängig</translation>
        </message>
        <message>
                <source>Queued</source>
                <translation>In der Warteschlange</translation>
        </message>
        <message>
                <source>Sending</source>
                <translation>Wird gesendet</translation>
        </message>
        <message>
                <source>Sent</source>
                <translation>Gesendet</translation>
        </message>
        <message>
                <source>Delivered</source>
                <translation>Zugestellt</translation>
        </message>
        <message>
                <source>Read</source>
                <translation>Gelesen</translation>
        </message>
        <message>
                <source>Not sent</source>
                <translation>Nicht gesendet</translation>
        </message>
        <message>
                <source>On hold</source>
                <translation>Angehalten</translation>
        </message>
        <message>
                <source>Delivery unknown</source>
                <translation>Zustellung unbekannt</translation>
        </message>
        <message>
                <source>New messages</source>
                <translation>Neue Nachrichten</translation>
        </message>
        <message>
                <source>Private note</source>
                <translation>Interne Notiz</translation>
        </message>
        <message>
                <source>attachment %1</source>
                <translation>Anhang %1</translation>
        </message>
</context>
<context>
        <name>SortingCommands</name>
        <message>
                <source>Label %1 removed</source>
                <translation>Label %1 entfernt</translation>
        </message>
        <message>
                <source>Label %1 added</source>
                <translation>Label %1 hinzugefügt</translation>
        </message>
        <message>
                <source>This conversation</source>
                <translation>Dieses Gespräch</translation>
        </message>
        <message>
                <source>Add or remove labels…</source>
                <translation>Labels hinzufügen oder entfernen …</translation>
        </message>
        <message>
                <source>Label</source>
                <translation>Label</translation>
        </message>
        <message>
                <source>Labels</source>
                <translation>Labels</translation>
        </message>
        <message>
                <source>on this conversation</source>
                <translation>an diesem Gespräch</translation>
        </message>
        <message>
                <source>New label: %1</source>
                <translation>Neues Label: %1</translation>
        </message>
        <message>
                <source>Given to team %1</source>
                <translation>Dem Team %1 gegeben</translation>
        </message>
        <message>
                <source>Taken from its team</source>
                <translation>Dem Team entzogen</translation>
        </message>
        <message>
                <source>Give to a team…</source>
                <translation>Einem Team geben …</translation>
        </message>
        <message>
                <source>Team</source>
                <translation>Team</translation>
        </message>
        <message>
                <source>Teams</source>
                <translation>Teams</translation>
        </message>
        <message>
                <source>No team</source>
                <translation>Kein Team</translation>
        </message>
        <message>
                <source>Insert a canned response…</source>
                <translation>Textbaustein einfügen …</translation>
        </message>
        <message>
                <source>Canned response</source>
                <translation>Textbaustein</translation>
        </message>
        <message>
                <source>Canned responses</source>
                <translation>Textbausteine</translation>
        </message>
        <message>
                <source>Save the text as a canned response</source>
                <translation>Text als Textbaustein sichern</translation>
        </message>
        <message>
                <source>Saved as /%1</source>
                <translation>Als /%1 gesichert</translation>
        </message>
        <message>
                <source>Find a label…</source>
                <translation>Label suchen …</translation>
        </message>
</context>
<context>
        <name>MacroStore</name>
        <message>
                <source>Send “%1”</source>
                <translation>„%1“ senden</translation>
        </message>
        <message>
                <source>Note “%1”</source>
                <translation>Notiz „%1“</translation>
        </message>
        <message>
                <source>Add label %1</source>
                <translation>Label %1 setzen</translation>
        </message>
        <message>
                <source>Remove label %1</source>
                <translation>Label %1 entfernen</translation>
        </message>
        <message>
                <source>Assign to me</source>
                <translation>Mir zuweisen</translation>
        </message>
        <message>
                <source>Assign to %1</source>
                <translation>%1 zuweisen</translation>
        </message>
        <message>
                <source>somebody who left</source>
                <translation>jemandem, der nicht mehr da ist</translation>
        </message>
        <message>
                <source>Unassign</source>
                <translation>Zuweisung aufheben</translation>
        </message>
        <message>
                <source>Give to team %1</source>
                <translation>An Team %1 geben</translation>
        </message>
        <message>
                <source>that is gone</source>
                <translation>, das es nicht mehr gibt</translation>
        </message>
        <message>
                <source>Take from its team</source>
                <translation>Dem Team wegnehmen</translation>
        </message>
        <message>
                <source>Resolve</source>
                <translation>Erledigen</translation>
        </message>
        <message>
                <source>Open</source>
                <translation>Öffnen</translation>
        </message>
        <message>
                <source>Set pending</source>
                <translation>Auf wartend setzen</translation>
        </message>
        <message>
                <source>Snooze until the next reply</source>
                <translation>Bis zur nächsten Antwort zurückstellen</translation>
        </message>
        <message>
                <source>Status %1</source>
                <translation>Status %1</translation>
        </message>
        <message>
                <source>Priority %1</source>
                <translation>Priorität %1</translation>
        </message>
</context>
<context>
        <name>MacrosView</name>
        <message>
                <source>A macro does several things to a conversation at once: all of them, or none.</source>
                <translation>Ein Makro macht mit einem Gespräch mehreres auf einmal: alles, oder nichts.</translation>
        </message>
        <message>
                <source>New macro…</source>
                <translation>Neues Makro…</translation>
        </message>
        <message>
                <source>No macros yet</source>
                <translation>Noch keine Makros</translation>
        </message>
        <message>
                <source>For what you do again and again: label, assign, answer and resolve with one key.</source>
                <translation>Für das, was sich wiederholt: mit einer Taste einordnen, zuweisen, antworten und erledigen.</translation>
        </message>
        <message>
                <source>%1. %2</source>
                <translation>%1. %2</translation>
        </message>
        <message>
                <source>Shared</source>
                <translation>Geteilt</translation>
        </message>
        <message>
                <source>Change %1</source>
                <translation>%1 ändern</translation>
        </message>
        <message>
                <source>Delete %1</source>
                <translation>%1 löschen</translation>
        </message>
</context>
<context>
        <name>MacroForm</name>
        <message>
                <source>Shared with everybody</source>
                <translation>Für alle</translation>
        </message>
        <message>
                <source>Name</source>
                <translation>Name</translation>
        </message>
        <message>
                <source>Name, as “Refund and resolve”</source>
                <translation>Name, etwa „Erstatten und erledigen“</translation>
        </message>
        <message>
                <source>Add a step</source>
                <translation>Schritt hinzufügen</translation>
        </message>
        <message>
                <source>Cancel</source>
                <translation>Abbrechen</translation>
        </message>
        <message>
                <source>Save</source>
                <translation>Speichern</translation>
        </message>
        <message>
                <source>A macro needs a name.</source>
                <translation>Ein Makro braucht einen Namen.</translation>
        </message>
        <message>
                <source>A macro needs a step.</source>
                <translation>Ein Makro braucht einen Schritt.</translation>
        </message>
        <message>
                <source>A step is not complete: choose or write what it needs.</source>
                <translation>Ein Schritt ist unvollständig: wähle oder schreibe, was er braucht.</translation>
        </message>
        <message>
                <source>Steps</source>
                <translation>Schritte</translation>
        </message>
</context>
<context>
        <name>MacroStepRow</name>
        <message>
                <source>Send a message</source>
                <translation>Nachricht senden</translation>
        </message>
        <message>
                <source>Write a private note</source>
                <translation>Interne Notiz schreiben</translation>
        </message>
        <message>
                <source>Add labels</source>
                <translation>Labels setzen</translation>
        </message>
        <message>
                <source>Remove labels</source>
                <translation>Labels entfernen</translation>
        </message>
        <message>
                <source>Assign to</source>
                <translation>Zuweisen an</translation>
        </message>
        <message>
                <source>Unassign</source>
                <translation>Zuweisung aufheben</translation>
        </message>
        <message>
                <source>Give to a team</source>
                <translation>An ein Team geben</translation>
        </message>
        <message>
                <source>Take from its team</source>
                <translation>Dem Team wegnehmen</translation>
        </message>
        <message>
                <source>Set the status</source>
                <translation>Status setzen</translation>
        </message>
        <message>
                <source>Resolve</source>
                <translation>Erledigen</translation>
        </message>
        <message>
                <source>Open</source>
                <translation>Öffnen</translation>
        </message>
        <message>
                <source>Set pending</source>
                <translation>Auf wartend setzen</translation>
        </message>
        <message>
                <source>Snooze until the next reply</source>
                <translation>Bis zur nächsten Antwort zurückstellen</translation>
        </message>
        <message>
                <source>Set the priority</source>
                <translation>Priorität setzen</translation>
        </message>
        <message>
                <source>Whoever runs it</source>
                <translation>Wer es ausführt</translation>
        </message>
        <message>
                <source>What to do</source>
                <translation>Was zu tun ist</translation>
        </message>
        <message>
                <source>Text</source>
                <translation>Text</translation>
        </message>
        <message>
                <source>Labels</source>
                <translation>Labels</translation>
        </message>
        <message>
                <source>Labels, with commas between them</source>
                <translation>Labels, mit Kommas dazwischen</translation>
        </message>
        <message>
                <source>Which</source>
                <translation>Welches</translation>
        </message>
        <message>
                <source>Earlier</source>
                <translation>Früher</translation>
        </message>
        <message>
                <source>Later</source>
                <translation>Später</translation>
        </message>
        <message>
                <source>Remove this step</source>
                <translation>Diesen Schritt entfernen</translation>
        </message>
</context>
<context>
        <name>MacroCommands</name>
        <message>
                <source>This conversation</source>
                <translation>Dieses Gespräch</translation>
        </message>
        <message>
                <source>Run a macro…</source>
                <translation>Makro ausführen…</translation>
        </message>
        <message>
                <source>Macro</source>
                <translation>Makro</translation>
        </message>
        <message>
                <source>Shared</source>
                <translation>Geteilt</translation>
        </message>
        <message>
                <source>Mine</source>
                <translation>Meine</translation>
        </message>
        <message>
                <source>Macro %1: done</source>
                <translation>Makro %1: erledigt</translation>
        </message>
        <message>
                <source>Macro %1 names an agent or a team that is gone. Nothing was done.</source>
                <translation>Makro %1 nennt jemanden oder ein Team, den oder das es nicht mehr gibt. Nichts wurde getan.</translation>
        </message>
</context>
</TS>
