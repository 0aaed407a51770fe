// The texts that people hold, and what passwords are kept as.

#include <set>

#include "auth/base64url.h"
#include "auth/password.h"
#include "auth/secret_text.h"
#include "auth/user_name.h"

namespace assistd::auth {
namespace {

TEST(SecretText, IsWholeOrNone) {
    std::set<std::string> all;
    for (int i = 0; i < 1'000; ++i) {
        const std::string key = make_secret(key_prefix);
        EXPECT_EQ(key.size(), 52U);
        EXPECT_TRUE(is_secret(key_prefix, key)) << key;
        EXPECT_FALSE(is_secret(session_prefix, key));
        EXPECT_TRUE(all.insert(key).second);
    }
}

TEST(SecretText, TellsAnyOneCharacterThatDiffers) {
    const std::string key = make_secret(key_prefix);
    for (std::size_t i = 0; i < key.size(); ++i) {
        std::string other = key;
        other[i] = key[i] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(is_secret(key_prefix, other)) << other;
        EXPECT_FALSE(is_secret(key_prefix, key.substr(0, i)));
    }
    EXPECT_FALSE(is_secret(key_prefix, key + "x"));
    EXPECT_FALSE(is_secret(key_prefix, ""));
}

TEST(SecretText, UsesAllDigitsAboutAsOften) {
    std::map<char, int> counts;
    for (int i = 0; i < 2'000; ++i)
        for (const char c : make_secret(key_prefix).substr(3, 43)) ++counts[c];
    EXPECT_EQ(counts.size(), 62U);
    for (const auto& [digit, count] : counts) EXPECT_NEAR(count, 2'000 * 43 / 62, 300) << digit;
}

TEST(Password, IsKnownByItsHash) {
    const std::string hash = hash_password("correct horse battery");
    EXPECT_TRUE(hash.starts_with("scrypt$15$8$3$")) << hash;
    EXPECT_EQ(hash.find("horse"), std::string::npos);
    EXPECT_TRUE(is_password("correct horse battery", hash));
    EXPECT_FALSE(is_password("correct horse batterz", hash));
    EXPECT_FALSE(is_password("", hash));
    EXPECT_NE(hash, hash_password("correct horse battery"));
}

TEST(Password, FitsNoHashThatIsNone) {
    // The last would take a gigabyte.
    for (const std::string hash :
         {"", "x", "scrypt$15$8$3$$", "scrypt$15$8$3$!!$!!",
          "scrypt$99$8$3$AA==$AA==", "scrypt$20$8$3$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
        EXPECT_FALSE(is_password("", hash)) << hash;
}

TEST(Base64Url, HasOneTextForTheSameBytes) {
    EXPECT_EQ(from_base64url("-_8"), "\xfb\xff");
    EXPECT_EQ(from_base64url(""), "");
    // The last bits that stand for nothing are zeros; no padding, no line breaks, no other alphabet.
    for (const char* text : {"-_9", "-_8=", "+/8", "-_8\n", "a", "a b", "-_8.", "ä"})
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
}

TEST(UserName, IsWhatCanBeTypedAndShown) {
    for (const std::string name : {"a", "alice", "alice@example.org", "Bob_2.x+y-z", "0"})
        EXPECT_TRUE(is_user_name(name)) << name;
    for (const std::string name : {"", "*", "-a", ".a", "a b", "a/b", "a\n", "ä"})
        EXPECT_FALSE(is_user_name(name)) << name;
    EXPECT_FALSE(is_user_name(std::string(65, 'a')));
    EXPECT_TRUE(is_token_user_name("auth0|5f7c ä"));
    for (const std::string name : {"", "*", "a\nb", " ", "\x7f", "\xE2\x80\xAEnimda"})
        EXPECT_FALSE(is_token_user_name(name)) << name;
    EXPECT_FALSE(is_token_user_name(std::string(201, 'a')));
}

}  // namespace
}  // namespace assistd::auth
