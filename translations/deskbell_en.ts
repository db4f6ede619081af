<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
<context>
        <name>AccountSwitcher</name>
        <message numerus="yes">
                <source>%1, %n unread</source>
                <translation>
                        <numerusform>%1, %n unread</numerusform>
                        <numerusform>%1, %n unread</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>ComposerPresenter</name>
        <message numerus="yes">
                <source>%n messages arrived while you were typing.</source>
                <translation>
                        <numerusform>%n message arrived while you were typing.</numerusform>
                        <numerusform>%n messages arrived while you were typing.</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>ConnectionPresenter</name>
        <message numerus="yes">
                <source>%n need attention</source>
                <translation>
                        <numerusform>%n needs attention</numerusform>
                        <numerusform>%n need attention</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>Offline · %n queued</source>
                <translation>
                        <numerusform>Offline · %n queued</numerusform>
                        <numerusform>Offline · %n queued</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>Offline. You can keep working; %n change(s) will be sent when you&apos;re back.</source>
                <translation>
                        <numerusform>Offline. You can keep working; %n change will be sent when you&apos;re back.</numerusform>
                        <numerusform>Offline. You can keep working; %n changes will be sent when you&apos;re back.</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>This device has not reached the server for more than %n day(s). Until it does, you see only what you wrote yourself; nothing is lost.</source>
                <translation>
                        <numerusform>This device has not reached the server for more than %n day. Until it does, you see only what you wrote yourself; nothing is lost.</numerusform>
                        <numerusform>This device has not reached the server for more than %n days. Until it does, you see only what you wrote yourself; nothing is lost.</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>ConversationListView</name>
        <message numerus="yes">
                <source>%n unassigned conversation(s) are waiting.</source>
                <translation>
                        <numerusform>%n unassigned conversation is waiting.</numerusform>
                        <numerusform>%n unassigned conversations are waiting.</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>ConversationView</name>
        <message numerus="yes">
                <source>%1 and %n more are viewing</source>
                <translation>
                        <numerusform>%1 and %n more are viewing</numerusform>
                        <numerusform>%1 and %n more are viewing</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>DevicesPresenter</name>
        <message numerus="yes">
                <source>Last seen %n minute(s) ago</source>
                <translation>
                        <numerusform>Last seen %n minute ago</numerusform>
                        <numerusform>Last seen %n minutes ago</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>Last seen %n hour(s) ago</source>
                <translation>
                        <numerusform>Last seen %n hour ago</numerusform>
                        <numerusform>Last seen %n hours ago</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%n device(s) are signed out.</source>
                <translation>
                        <numerusform>%n device is signed out.</numerusform>
                        <numerusform>%n devices are signed out.</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>JumpPill</name>
        <message numerus="yes">
                <source>%n new</source>
                <translation>
                        <numerusform>%n new</numerusform>
                        <numerusform>%n new</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>Jump to latest, %n new</source>
                <translation>
                        <numerusform>Jump to latest, %n new</numerusform>
                        <numerusform>Jump to latest, %n new</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>NotificationCenter</name>
        <message numerus="yes">
                <source>%n new message(s)</source>
                <translation>
                        <numerusform>%n new message</numerusform>
                        <numerusform>%n new messages</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%1 · %n unread</source>
                <translation>
                        <numerusform>%1 · %n unread</numerusform>
                        <numerusform>%1 · %n unread</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>in %n conversation(s)</source>
                <translation>
                        <numerusform>in %n conversation</numerusform>
                        <numerusform>in %n conversations</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>Pages</name>
        <message numerus="yes">
                <source>Sign out %n other device(s)?</source>
                <translation>
                        <numerusform>Sign out %n other device?</numerusform>
                        <numerusform>Sign out %n other devices?</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>Password changed. %n other device(s) were signed out.</source>
                <translation>
                        <numerusform>Password changed. %n other device was signed out.</numerusform>
                        <numerusform>Password changed. %n other devices were signed out.</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%n change(s) have not been sent yet. They stay on this computer and are sent when you sign in again.</source>
                <translation>
                        <numerusform>%n change has not been sent yet. It stays on this computer and is sent when you sign in again.</numerusform>
                        <numerusform>%n changes have not been sent yet. They stay on this computer and are sent when you sign in again.</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>Problem</name>
        <message numerus="yes">
                <source>%n minute(s)</source>
                <translation>
                        <numerusform>%n minute</numerusform>
                        <numerusform>%n minutes</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%n hour(s)</source>
                <translation>
                        <numerusform>%n hour</numerusform>
                        <numerusform>%n hours</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%n day(s)</source>
                <translation>
                        <numerusform>%n day</numerusform>
                        <numerusform>%n days</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>SidebarButton</name>
        <message numerus="yes">
                <source>%1, %n unread in other accounts</source>
                <translation>
                        <numerusform>%1, %n unread in other accounts</numerusform>
                        <numerusform>%1, %n unread in other accounts</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>Tray</name>
        <message numerus="yes">
                <source>Deskbell · %n unread</source>
                <translation>
                        <numerusform>Deskbell · %n unread</numerusform>
                        <numerusform>Deskbell · %n unread</numerusform>
                </translation>
        </message>
</context>
<context>
        <name>StorageSection</name>
        <message numerus="yes">
                <source>%n day(s)</source>
                <translation>
                        <numerusform>%n day</numerusform>
                        <numerusform>%n days</numerusform>
                </translation>
        </message>
        <message numerus="yes">
                <source>%n change(s) came from a newer version and wait for an update.</source>
                <translation>
                        <numerusform>%n change came from a newer version and waits for an update.</numerusform>
                        <numerusform>%n changes came from a newer version and wait for an update.</numerusform>
                </translation>
        </message>
</context>
</TS>
