#pragma once

#include "client/app/desktop/desktop.h"

#include <QTemporaryDir>
#include <QWidget>

#include <memory>

namespace tests {

/// The one theme of a test program.
client::widgets::Theme &theme();

/// A Desktop on a profile of its own, driven as a person would.
class GuiDesk {
public:
    /// Opens the window. `server` goes to the sign-in page; an empty one is for a profile that is signed in.
    bool open(const QString &server, bool offline = false);
    /// Fills the sign-in page of an account that is being added, and waits until it has been live.
    bool addAccount(const QString &server, const QString &email, const QString &password);
    [[nodiscard]] QString profile() const { return m_profile.path(); }
    /// Ends the program as closing it does; the profile stays.
    void close();
    /// Types into the sign-in page and waits for the list.
    bool signIn(const QString &email = {}, const QString &password = {});

    [[nodiscard]] client::desktop::Desktop &desktop() { return *m_desktop; }
    [[nodiscard]] QWidget &window();
    /// The visible widget with this object name; null when there is none.
    template <class T = QWidget>
    [[nodiscard]] T *find(const QString &name)
    {
        for (auto *found : window().findChildren<T *>(name))
            if (found->isVisible())
                return found;
        return nullptr;
    }
    /// Texts of the rows of the list, as assistive technology hears them.
    [[nodiscard]] QStringList rows();
    /// Texts of the thread's items, as assistive technology hears them.
    [[nodiscard]] QStringList messages();
    /// Types into whatever has the focus.
    void type(const QString &text);
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    /// Saves a picture of the window below the build directory.
    void shot(const QString &name);

private:
    QTemporaryDir m_profile;
    std::unique_ptr<client::desktop::Desktop> m_desktop;
};

/// "role name" of everything in the tree below `widget` that takes the keyboard and has no name.
QStringList unnamedControls(QWidget &widget);

} // namespace tests
