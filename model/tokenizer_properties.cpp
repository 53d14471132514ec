// Made by scripts/make_tokenizer_properties.py: properties and blocks as `tokenizers` 0.23.3 has them.
#include "model/tokenizer_properties.h"

#include <algorithm>
#include <iterator>

namespace hone {
namespace {

constexpr RegexProperty kProperties[] = {
    {"adlam adlm", "\\p{sc:adlam}", "", "", "", ""},
    {"aghb caucasianalbanian", "\\p{sc:caucasianalbanian}", "", "", "", ""},
    {"ahex asciihexdigit xdigit", "\\p{asciihexdigit}", "", "", "", ""},
    {"ahom", "\\p{sc:ahom}", "", "", "", ""},
    {"alnum", "\\p{Alphabetic}\\p{Nd}", "",
     "363-36F 897 C04 CF3 F82-F83 1C89-1C8A 1DD3-1DE6 A7CB-A7CD A7DA-A7DC 105C0-105F3 10D40-10D65 "
     "10D69 10D6F-10D85 10EC2-10EC4 10EFC 11080-11081 1123F-11241 11380-11389 1138B 1138E 11390-113B5 "
     "113B7-113C0 113C2 113C5 113C7-113CA 113CC-113CD 113D1 113D3 116D0-116E3 11BC0-11BE0 11BF0-11BF9 "
     "11F00-11F10 11F12-11F3A 11F3E-11F40 11F50-11F59 1342F 13441-13446 13460-143FA 16100-1612E "
     "16130-16139 16D40-16D6C 16D70-16D79 18CFF 1B132 1B155 1CCF0-1CCF9 1DF25-1DF2A 1E030-1E06D 1E08F "
     "1E4D0-1E4EB 1E4F0-1E4F9 1E5D0-1E5ED 1E5F0-1E5FA 2B739 2EBF0-2EE5D 31350-323AF",
     "", ""},
    {"alpha alphabetic", "\\p{alphabetic}", "",
     "363-36F 897 C04 CF3 F82-F83 1C89-1C8A 1DD3-1DE6 A7CB-A7CD A7DA-A7DC 105C0-105F3 10D4A-10D65 "
     "10D69 10D6F-10D85 10EC2-10EC4 10EFC 11080-11081 1123F-11241 11380-11389 1138B 1138E 11390-113B5 "
     "113B7-113C0 113C2 113C5 113C7-113CA 113CC-113CD 113D1 113D3 11BC0-11BE0 11F00-11F10 11F12-11F3A "
     "11F3E-11F40 1342F 13441-13446 13460-143FA 16100-1612E 16D40-16D6C 18CFF 1B132 1B155 1DF25-1DF2A "
     "1E030-1E06D 1E08F 1E4D0-1E4EB 1E5D0-1E5ED 1E5F0 2B739 2EBF0-2EE5D 31350-323AF",
     "", ""},
    {"anatolianhieroglyphs hluw", "\\p{sc:anatolianhieroglyphs}", "", "", "", ""},
    {"any", "\\p{any}", "", "", "", ""},
    {"arab arabic", "\\p{sc:arabic}", "", "897 10EC2-10EC4 10EFC-10EFF", "", ""},
    {"armenian armn", "\\p{sc:armenian}", "", "", "", ""},
    {"armi imperialaramaic", "\\p{sc:imperialaramaic}", "", "", "", ""},
    {"ascii", "\\x00-\\x7F", "", "", "", "17F 212A"},
    {"assigned", "\\P{Cn}", "",
     "897 CF3 ECE 1B4E-1B4F 1B7F 1C89-1C8A 2427-2429 2FFC-2FFF 31E4-31E5 31EF A7CB-A7CD A7DA-A7DC "
     "105C0-105F3 10D40-10D65 10D69-10D85 10D8E-10D8F 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 "
     "1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 113E1-113E2 "
     "116D0-116E3 11B00-11B09 11BC0-11BE1 11BF0-11BF9 11F00-11F10 11F12-11F3A 11F3E-11F5A 1342F "
     "13439-13455 13460-143FA 16100-16139 16D40-16D79 18CFF 1B132 1B155 1CC00-1CCF9 1CD00-1CEB3 "
     "1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 1E5D0-1E5FA 1E5FF 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF 2B739 2EBF0-2EE5D "
     "31350-323AF",
     "", ""},
    {"avestan avst", "\\p{sc:avestan}", "", "", "", ""},
    {"bali balinese", "\\p{sc:balinese}", "", "1B4E-1B4F 1B7F", "", ""},
    {"bamu bamum", "\\p{sc:bamum}", "", "", "", ""},
    {"bass bassavah", "\\p{sc:bassavah}", "", "", "", ""},
    {"batak batk", "\\p{sc:batak}", "", "", "", ""},
    {"beng bengali", "\\p{sc:bengali}", "", "", "", ""},
    {"bhaiksuki bhks", "\\p{sc:bhaiksuki}", "", "", "", ""},
    {"bidic bidicontrol", "\\p{bidicontrol}", "", "", "", ""},
    {"blank", "\\t\\p{Zs}", "", "", "", ""},
    {"bopo bopomofo", "\\p{sc:bopomofo}", "", "", "", ""},
    {"brah brahmi", "\\p{sc:brahmi}", "", "", "", ""},
    {"brai braille", "\\p{sc:braille}", "", "", "", ""},
    {"bugi buginese", "\\p{sc:buginese}", "", "", "", ""},
    {"buhd buhid", "\\p{sc:buhid}", "", "", "", ""},
    {"c other", "\\p{c}", "", "",
     "897 CF3 ECE 1B4E-1B4F 1B7F 1C89-1C8A 2427-2429 2FFC-2FFF 31E4-31E5 31EF A7CB-A7CD A7DA-A7DC "
     "105C0-105F3 10D40-10D65 10D69-10D85 10D8E-10D8F 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 "
     "1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 113E1-113E2 "
     "116D0-116E3 11B00-11B09 11BC0-11BE1 11BF0-11BF9 11F00-11F10 11F12-11F3A 11F3E-11F5A 1342F "
     "13440-13455 13460-143FA 16100-16139 16D40-16D79 18CFF 1B132 1B155 1CC00-1CCF9 1CD00-1CEB3 "
     "1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 1E5D0-1E5FA 1E5FF 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF 2B739 2EBF0-2EE5D "
     "31350-323AF",
     ""},
    {"cakm chakma", "\\p{sc:chakma}", "", "", "", ""},
    {"canadianaboriginal cans", "\\p{sc:canadianaboriginal}", "", "", "", ""},
    {"cari carian", "\\p{sc:carian}", "", "", "", ""},
    {"cased", "\\p{cased}", "",
     "10FC 1C89-1C8A A7CB-A7CD A7DA-A7DC A7F2-A7F4 AB69 10D50-10D65 10D70-10D85 1DF25-1DF2A "
     "1E030-1E06D",
     "", ""},
    {"casedletter lc", "\\p{lc}", "",
     "1C89-1C8A A7CB-A7CD A7DA-A7DC 10D50-10D65 10D70-10D85 1DF25-1DF2A", "", "345"},
    {"caseignorable ci", "\\p{caseignorable}", "",
     "897 ECE 10D4E 10D69-10D6D 10D6F 10EFC-10EFF 11241 113BB-113C0 113CE 113D0 113D2 113E1-113E2 "
     "11F00-11F01 11F36-11F3A 11F40 11F42 11F5A 13439-13440 13447-13455 1611E-16129 1612D-1612F "
     "16D40-16D42 16D6B-16D6C 1E030-1E06D 1E08F 1E4EB-1E4EF 1E5EE-1E5EF",
     "1171E", "399 3B9 1FBE"},
    {"cc cntrl control", "\\p{cc}", "", "", "", ""},
    {"cf format", "\\p{cf}", "", "13439-1343F", "", ""},
    {"cham", "\\p{sc:cham}", "", "", "", ""},
    {"changeswhencasefolded cwcf", "\\p{changeswhencasefolded}", "",
     "1C89 A7CB-A7CC A7DA A7DC 10D50-10D65", "", "?"},
    {"changeswhencasemapped cwcm", "\\p{changeswhencasemapped}", "",
     "19B 264 1C89-1C8A A7CB-A7CD A7DA-A7DC 10D50-10D65 10D70-10D85", "", ""},
    {"changeswhenlowercased cwl", "\\p{changeswhenlowercased}", "",
     "1C89 A7CB-A7CC A7DA A7DC 10D50-10D65", "", "?"},
    {"changeswhentitlecased cwt", "\\p{changeswhentitlecased}", "", "19B 264 1C8A A7CD A7DB 10D70-10D85",
     "", "?"},
    {"changeswhenuppercased cwu", "\\p{changeswhenuppercased}", "", "19B 264 1C8A A7CD A7DB 10D70-10D85",
     "", "?"},
    {"cher cherokee", "\\p{sc:cherokee}", "", "", "", ""},
    {"chorasmian chrs", "\\p{sc:chorasmian}", "", "", "", ""},
    {"closepunctuation pe", "\\p{pe}", "", "", "", ""},
    {"cn unassigned", "\\p{cn}", "", "",
     "897 CF3 ECE 1B4E-1B4F 1B7F 1C89-1C8A 2427-2429 2FFC-2FFF 31E4-31E5 31EF A7CB-A7CD A7DA-A7DC "
     "105C0-105F3 10D40-10D65 10D69-10D85 10D8E-10D8F 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 "
     "1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 113E1-113E2 "
     "116D0-116E3 11B00-11B09 11BC0-11BE1 11BF0-11BF9 11F00-11F10 11F12-11F3A 11F3E-11F5A 1342F "
     "13439-13455 13460-143FA 16100-16139 16D40-16D79 18CFF 1B132 1B155 1CC00-1CCF9 1CD00-1CEB3 "
     "1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 1E5D0-1E5FA 1E5FF 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF 2B739 2EBF0-2EE5D "
     "31350-323AF",
     ""},
    {"co privateuse", "\\p{co}", "", "", "", ""},
    {"combiningmark m mark", "\\p{m}", "",
     "897 CF3 ECE 10D69-10D6D 10EFC-10EFF 11241 113B8-113C0 113C2 113C5 113C7-113CA 113CC-113D0 113D2 "
     "113E1-113E2 11F00-11F01 11F03 11F34-11F3A 11F3E-11F42 11F5A 13440 13447-13455 1611E-1612F 1E08F "
     "1E4EC-1E4EF 1E5EE-1E5EF",
     "", "399 3B9 1FBE"},
    {"common zyyy", "\\p{sc:common}", "",
     "2427-2429 2FFC-2FFF 31E4-31E5 31EF 1CC00-1CCF9 1CD00-1CEB3 1D2C0-1D2D3 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF",
     "", "39C 3BC"},
    {"connectorpunctuation pc", "\\p{pc}", "", "", "", ""},
    {"copt coptic qaac", "\\p{sc:coptic}", "", "", "", ""},
    {"cpmn cyprominoan", "\\p{sc:cyprominoan}", "", "", "", ""},
    {"cprt cypriot", "\\p{sc:cypriot}", "", "", "", ""},
    {"cs surrogate", "\\p{cs}", "", "", "", ""},
    {"cuneiform xsux", "\\p{sc:cuneiform}", "", "", "", ""},
    {"currencysymbol sc", "\\p{sc}", "", "", "", ""},
    {"cyrillic cyrl", "\\p{sc:cyrillic}", "", "1C89-1C8A 1E030-1E06D 1E08F", "", ""},
    {"dash", "\\p{dash}", "", "10D6E", "", ""},
    {"dashpunctuation pd", "\\p{pd}", "", "10D6E", "", ""},
    {"decimalnumber digit nd", "\\p{nd}", "",
     "10D40-10D49 116D0-116E3 11BF0-11BF9 11F50-11F59 16130-16139 16D70-16D79 1CCF0-1CCF9 1E4F0-1E4F9 "
     "1E5F1-1E5FA",
     "", ""},
    {"defaultignorablecodepoint di", "\\p{defaultignorablecodepoint}", "", "", "", ""},
    {"dep deprecated", "\\p{deprecated}", "", "", "", ""},
    {"deseret dsrt", "\\p{sc:deseret}", "", "", "", ""},
    {"deva devanagari", "\\p{sc:devanagari}", "", "11B00-11B09", "", ""},
    {"dia diacritic", "\\p{diacritic}", "",
     "E3A 1734 1A60 1BE6 1BF2-1BF3 A806 A82C 10A38-10A3A 10A3F 10D4E 10D69-10D6D 10EFD-10EFF 1133B "
     "113CE-113D0 113D2-113D3 113E1-113E2 11F41-11F42 11F5A 13447-13455 1612F 16D6B-16D6C 1E030-1E06D "
     "1E5EE-1E5EF",
     "", "399 3B9 1FBE"},
    {"diak divesakuru", "\\p{sc:divesakuru}", "", "", "", ""},
    {"dogr dogra", "\\p{sc:dogra}", "", "", "", ""},
    {"dupl duployan", "\\p{sc:duployan}", "", "", "", ""},
    {"ebase emojimodifierbase", "\\p{emojimodifierbase}", "", "1FAF7-1FAF8", "", ""},
    {"ecomp emojicomponent", "\\p{emojicomponent}", "", "", "", ""},
    {"egyp egyptianhieroglyphs", "\\p{sc:egyptianhieroglyphs}", "", "1342F 13439-13455 13460-143FA", "",
     ""},
    {"elba elbasan", "\\p{sc:elbasan}", "", "", "", ""},
    {"elym elymaic", "\\p{sc:elymaic}", "", "", "", ""},
    {"emod emojimodifier", "\\p{emojimodifier}", "", "", "", ""},
    {"emoji", "\\p{emoji}", "",
     "1F6DC 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF 1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF "
     "1FAE8-1FAE9 1FAF7-1FAF8",
     "", "24DC"},
    {"emojipresentation epres", "\\p{emojipresentation}", "",
     "1F6DC 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF 1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF "
     "1FAE8-1FAE9 1FAF7-1FAF8",
     "", ""},
    {"enclosingmark me", "\\p{me}", "", "", "", ""},
    {"ethi ethiopic", "\\p{sc:ethiopic}", "", "", "", ""},
    {"ext extender", "\\p{extender}", "", "A71 AFB 10D4E 10D6A 10D6F 11237 113D2-113D3 1E5EF", "", ""},
    {"extendedpictographic extpict", "\\p{extendedpictographic}", "", "", "", "24DC"},
    {"finalpunctuation pf", "\\p{pf}", "", "", "", ""},
    {"gara garay", "", "", "10D40-10D65 10D69-10D85 10D8E-10D8F", "", ""},
    {"geor georgian", "\\p{sc:georgian}", "", "", "", ""},
    {"glag glagolitic", "\\p{sc:glagolitic}", "", "", "", ""},
    {"gong gunjalagondi", "\\p{sc:gunjalagondi}", "", "", "", ""},
    {"gonm masaramgondi", "\\p{sc:masaramgondi}", "", "", "", ""},
    {"goth gothic", "\\p{sc:gothic}", "", "", "", ""},
    {"gran grantha", "\\p{sc:grantha}", "", "", "", ""},
    {"graph", "\\P{Cn}", "\\p{White_Space}\\p{Cc}",
     "897 CF3 ECE 1B4E-1B4F 1B7F 1C89-1C8A 2427-2429 2FFC-2FFF 31E4-31E5 31EF A7CB-A7CD A7DA-A7DC "
     "105C0-105F3 10D40-10D65 10D69-10D85 10D8E-10D8F 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 "
     "1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 113E1-113E2 "
     "116D0-116E3 11B00-11B09 11BC0-11BE1 11BF0-11BF9 11F00-11F10 11F12-11F3A 11F3E-11F5A 1342F "
     "13439-13455 13460-143FA 16100-16139 16D40-16D79 18CFF 1B132 1B155 1CC00-1CCF9 1CD00-1CEB3 "
     "1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 1E5D0-1E5FA 1E5FF 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF 2B739 2EBF0-2EE5D "
     "31350-323AF",
     "", ""},
    {"graphemebase grbase", "\\p{graphemebase}", "",
     "CF3 1B4E-1B4F 1B7F 1C89-1C8A 2427-2429 2FFC-2FFF 31E4-31E5 31EF A7CB-A7CD A7DA-A7DC 105C0-105F3 "
     "10D40-10D65 10D6E-10D85 10D8E-10D8F 10EC2-10EC4 1123F-11240 11380-11389 1138B 1138E 11390-113B5 "
     "113B7 113B9-113BA 113CA 113CC-113CD 113D1 113D3-113D5 113D7-113D8 116D0-116E3 1171E 11B00-11B09 "
     "11BC0-11BE1 11BF0-11BF9 11F02-11F10 11F12-11F35 11F3E-11F3F 11F43-11F59 1342F 13441-13446 "
     "13460-143FA 16100-1611D 1612A-1612C 16130-16139 16D40-16D79 18CFF 1B132 1B155 1CC00-1CCF9 "
     "1CD00-1CEB3 1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E4D0-1E4EB 1E4F0-1E4F9 1E5D0-1E5ED 1E5F0-1E5FA "
     "1E5FF 1F6DC 1F774-1F776 1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F "
     "1FAAD-1FAAF 1FABB-1FABF 1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF "
     "2B739 2EBF0-2EE5D 31350-323AF",
     "CC0 CC7-CC8 CCA-CCB 1715 1734 1B3B 1B3D 1B43-1B44 1BAA 1BF2-1BF3 A953 A9C0 111C0 11235 1134D "
     "116B6 1193D 16FF0-16FF1 1D166 1D16D",
     "345"},
    {"graphemeextend grext", "\\p{graphemeextend}", "",
     "897 CC0 CC7-CC8 CCA-CCB ECE 1715 1734 1B3B 1B3D 1B43-1B44 1BAA 1BF2-1BF3 A953 A9C0 10D69-10D6D "
     "10EFC-10EFF 111C0 11235 11241 1134D 113B8 113BB-113C0 113C2 113C5 113C7-113C9 113CE-113D0 113D2 "
     "113E1-113E2 116B6 1193D 11F00-11F01 11F36-11F3A 11F40-11F42 11F5A 13440 13447-13455 1611E-16129 "
     "1612D-1612F 16FF0-16FF1 1D166 1D16D 1E08F 1E4EC-1E4EF 1E5EE-1E5EF",
     "1171E", "399 3B9 1FBE"},
    {"graphemelink grlink", "\\p{graphemelink}", "", "113CE-113D0 11F41-11F42 1612F", "", ""},
    {"greek grek", "\\p{sc:greek}", "", "", "", "B5 345"},
    {"gujarati gujr", "\\p{sc:gujarati}", "", "", "", ""},
    {"gukh gurungkhema", "", "", "16100-16139", "", ""},
    {"gurmukhi guru", "\\p{sc:gurmukhi}", "", "", "", ""},
    {"han hani", "\\p{sc:han}", "", "2B739 2EBF0-2EE5D 31350-323AF", "", ""},
    {"hang hangul", "\\p{sc:hangul}", "", "", "", ""},
    {"hanifirohingya rohg", "\\p{sc:hanifirohingya}", "", "", "", ""},
    {"hano hanunoo", "\\p{sc:hanunoo}", "", "", "", ""},
    {"hatr hatran", "\\p{sc:hatran}", "", "", "", ""},
    {"hebr hebrew", "\\p{sc:hebrew}", "", "", "", ""},
    {"hex hexdigit", "\\p{hexdigit}", "", "", "", ""},
    {"hira hiragana", "\\p{sc:hiragana}", "", "1B132", "", ""},
    {"hmng pahawhhmong", "\\p{sc:pahawhhmong}", "", "", "", ""},
    {"hmnp nyiakengpuachuehmong", "\\p{sc:nyiakengpuachuehmong}", "", "", "", ""},
    {"hung oldhungarian", "\\p{sc:oldhungarian}", "", "", "", ""},
    {"hyphen", "", "", "2D AD 58A 1806 2010-2011 2E17 30FB FE63 FF0D FF65", "", ""},
    {"idc idcontinue", "\\p{idcontinue}", "",
     "897 CF3 ECE 1C89-1C8A 200C-200D 30FB A7CB-A7CD A7DA-A7DC FF65 105C0-105F3 10D40-10D65 "
     "10D69-10D6D 10D6F-10D85 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 1138B 1138E 11390-113B5 "
     "113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D3 113E1-113E2 116D0-116E3 11BC0-11BE0 11BF0-11BF9 "
     "11F00-11F10 11F12-11F3A 11F3E-11F42 11F50-11F5A 1342F 13440-13455 13460-143FA 16100-16139 "
     "16D40-16D6C 16D70-16D79 18CFF 1B132 1B155 1CCF0-1CCF9 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 "
     "1E5D0-1E5FA 2B739 2EBF0-2EE5D 31350-323AF",
     "", ""},
    {"idcompatmathcontinue", "", "",
     "B2-B3 B9 2070 2074-207E 2080-208E 2202 2207 221E 1D6C1 1D6DB 1D6FB 1D715 1D735 1D74F 1D76F "
     "1D789 1D7A9 1D7C3",
     "", ""},
    {"idcompatmathstart", "", "",
     "2202 2207 221E 1D6C1 1D6DB 1D6FB 1D715 1D735 1D74F 1D76F 1D789 1D7A9 1D7C3", "", ""},
    {"ideo ideographic", "\\p{ideographic}", "", "18CFF 2B739 2EBF0-2EE5D 31350-323AF", "", ""},
    {"ids idstart", "\\p{idstart}", "",
     "1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D4A-10D65 10D6F-10D85 10EC2-10EC4 1123F-11240 "
     "11380-11389 1138B 1138E 11390-113B5 113B7 113D1 113D3 11BC0-11BE0 11F02 11F04-11F10 11F12-11F33 "
     "1342F 13441-13446 13460-143FA 16100-1611D 16D40-16D6C 18CFF 1B132 1B155 1DF25-1DF2A 1E030-1E06D "
     "1E4D0-1E4EB 1E5D0-1E5ED 1E5F0 2B739 2EBF0-2EE5D 31350-323AF",
     "", "345"},
    {"idsb idsbinaryoperator", "\\p{idsbinaryoperator}", "", "2FFC-2FFD 31EF", "", ""},
    {"idst idstrinaryoperator", "\\p{idstrinaryoperator}", "", "", "", ""},
    {"idsu idsunaryoperator", "", "", "2FFE-2FFF", "", ""},
    {"inherited qaai zinh", "\\p{sc:inherited}", "", "", "", "399 3B9 1FBE"},
    {"initialpunctuation pi", "\\p{pi}", "", "", "", ""},
    {"inscriptionalpahlavi phli", "\\p{sc:inscriptionalpahlavi}", "", "", "", ""},
    {"inscriptionalparthian prti", "\\p{sc:inscriptionalparthian}", "", "", "", ""},
    {"ital olditalic", "\\p{sc:olditalic}", "", "", "", ""},
    {"java javanese", "\\p{sc:javanese}", "", "", "", ""},
    {"joinc joincontrol", "\\p{joincontrol}", "", "", "", ""},
    {"kaithi kthi", "\\p{sc:kaithi}", "", "", "", ""},
    {"kali kayahli", "\\p{sc:kayahli}", "", "", "", ""},
    {"kana katakana", "\\p{sc:katakana}", "", "1B155", "", ""},
    {"kannada knda", "\\p{sc:kannada}", "", "CF3", "", ""},
    {"kawi", "", "", "11F00-11F10 11F12-11F3A 11F3E-11F5A", "", ""},
    {"khar kharoshthi", "\\p{sc:kharoshthi}", "", "", "", ""},
    {"khitansmallscript kits", "\\p{sc:khitansmallscript}", "", "18CFF", "", ""},
    {"khmer khmr", "\\p{sc:khmer}", "", "", "", ""},
    {"khoj khojki", "\\p{sc:khojki}", "", "1123F-11241", "", ""},
    {"khudawadi sind", "\\p{sc:khudawadi}", "", "", "", ""},
    {"kiratrai krai", "", "", "16D40-16D79", "", ""},
    {"l letter", "\\p{l}", "",
     "1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D4A-10D65 10D6F-10D85 10EC2-10EC4 1123F-11240 "
     "11380-11389 1138B 1138E 11390-113B5 113B7 113D1 113D3 11BC0-11BE0 11F02 11F04-11F10 11F12-11F33 "
     "1342F 13441-13446 13460-143FA 16100-1611D 16D40-16D6C 18CFF 1B132 1B155 1DF25-1DF2A 1E030-1E06D "
     "1E4D0-1E4EB 1E5D0-1E5ED 1E5F0 2B739 2EBF0-2EE5D 31350-323AF",
     "", "345"},
    {"lana taitham", "\\p{sc:taitham}", "", "", "", ""},
    {"lao laoo", "\\p{sc:lao}", "", "ECE", "", ""},
    {"latin latn", "\\p{sc:latin}", "", "A7CB-A7CD A7DA-A7DC 1DF25-1DF2A", "", ""},
    {"lepc lepcha", "\\p{sc:lepcha}", "", "", "", ""},
    {"letternumber nl", "\\p{nl}", "", "", "", ""},
    {"limb limbu", "\\p{sc:limbu}", "", "", "", ""},
    {"lina lineara", "\\p{sc:lineara}", "", "", "", ""},
    {"linb linearb", "\\p{sc:linearb}", "", "", "", ""},
    {"lineseparator zl", "\\p{zl}", "", "", "", ""},
    {"lisu", "\\p{sc:lisu}", "", "", "", ""},
    {"ll lowercaseletter", "\\p{ll}", "", "1C8A A7CD A7DB 10D70-10D85 1DF25-1DF2A", "", "?"},
    {"lm modifierletter", "\\p{lm}", "", "10D4E 10D6F 16D40-16D42 16D6B-16D6C 1E030-1E06D 1E4EB", "", ""},
    {"lo otherletter", "\\p{lo}", "",
     "105C0-105F3 10D4A-10D4D 10D4F 10EC2-10EC4 1123F-11240 11380-11389 1138B 1138E 11390-113B5 113B7 "
     "113D1 113D3 11BC0-11BE0 11F02 11F04-11F10 11F12-11F33 1342F 13441-13446 13460-143FA 16100-1611D "
     "16D43-16D6A 18CFF 1B132 1B155 1E4D0-1E4EA 1E5D0-1E5ED 1E5F0 2B739 2EBF0-2EE5D 31350-323AF",
     "", ""},
    {"loe logicalorderexception", "\\p{logicalorderexception}", "", "", "", ""},
    {"lower lowercase", "\\p{lowercase}", "",
     "10FC 1C8A A7CD A7DB A7F2-A7F4 AB69 10D70-10D85 1DF25-1DF2A 1E030-1E06D", "", "?"},
    {"lt titlecaseletter", "\\p{lt}", "", "", "",
     "1C4 1C6-1C7 1C9-1CA 1CC 1F1 1F3 1F80-1F87 1F90-1F97 1FA0-1FA7 1FB3 1FC3 1FF3"},
    {"lu uppercaseletter", "\\p{lu}", "", "1C89 A7CB-A7CC A7DA A7DC 10D50-10D65", "", "?"},
    {"lyci lycian", "\\p{sc:lycian}", "", "", "", ""},
    {"lydi lydian", "\\p{sc:lydian}", "", "", "", ""},
    {"mahajani mahj", "\\p{sc:mahajani}", "", "", "", ""},
    {"maka makasar", "\\p{sc:makasar}", "", "", "", ""},
    {"malayalam mlym", "\\p{sc:malayalam}", "", "", "", ""},
    {"mand mandaic", "\\p{sc:mandaic}", "", "", "", ""},
    {"mani manichaean", "\\p{sc:manichaean}", "", "", "", ""},
    {"marc marchen", "\\p{sc:marchen}", "", "", "", ""},
    {"math", "\\p{math}", "", "10D8E-10D8F", "", "392 395 398 39A 3A1 3A6 3B2 3B5 3B8 3BA 3C1 3C6"},
    {"mathsymbol sm", "\\p{sm}", "", "10D8E-10D8F", "", ""},
    {"mc spacingmark", "\\p{mc}", "",
     "CF3 113B8-113BA 113C2 113C5 113C7-113CA 113CC-113CD 113CF 1171E 11F03 11F34-11F35 11F3E-11F3F "
     "11F41 1612A-1612C",
     "", ""},
    {"mcm modifiercombiningmark", "", "", "654-655 658 6DC 6E3 6E7-6E8 8CA-8CB 8CD-8CF 8D3 8F3", "", ""},
    {"medefaidrin medf", "\\p{sc:medefaidrin}", "", "", "", ""},
    {"meeteimayek mtei", "\\p{sc:meeteimayek}", "", "", "", ""},
    {"mend mendekikakui", "\\p{sc:mendekikakui}", "", "", "", ""},
    {"merc meroiticcursive", "\\p{sc:meroiticcursive}", "", "", "", ""},
    {"mero meroitichieroglyphs", "\\p{sc:meroitichieroglyphs}", "", "", "", ""},
    {"miao plrd", "\\p{sc:miao}", "", "", "", ""},
    {"mn nonspacingmark", "\\p{mn}", "",
     "897 ECE 10D69-10D6D 10EFC-10EFF 11241 113BB-113C0 113CE 113D0 113D2 113E1-113E2 11F00-11F01 "
     "11F36-11F3A 11F40 11F42 11F5A 13440 13447-13455 1611E-16129 1612D-1612F 1E08F 1E4EC-1E4EF "
     "1E5EE-1E5EF",
     "1171E", "399 3B9 1FBE"},
    {"modi", "\\p{sc:modi}", "", "", "", ""},
    {"modifiersymbol sk", "\\p{sk}", "", "", "", ""},
    {"mong mongolian", "\\p{sc:mongolian}", "", "", "", ""},
    {"mro mroo", "\\p{sc:mro}", "", "", "", ""},
    {"mult multani", "\\p{sc:multani}", "", "", "", ""},
    {"myanmar mymr", "\\p{sc:myanmar}", "", "116D0-116E3", "", ""},
    {"n number", "\\p{n}", "",
     "10D40-10D49 116D0-116E3 11BF0-11BF9 11F50-11F59 16130-16139 16D70-16D79 1CCF0-1CCF9 1D2C0-1D2D3 "
     "1E4F0-1E4F9 1E5F1-1E5FA",
     "", ""},
    {"nabataean nbat", "\\p{sc:nabataean}", "", "", "", ""},
    {"nagm nagmundari", "", "", "1E4D0-1E4F9", "", ""},
    {"nand nandinagari", "\\p{sc:nandinagari}", "", "", "", ""},
    {"narb oldnortharabian", "\\p{sc:oldnortharabian}", "", "", "", ""},
    {"nchar noncharactercodepoint", "\\p{noncharactercodepoint}", "", "", "", ""},
    {"newa", "\\p{sc:newa}", "", "", "", ""},
    {"newtailue talu", "\\p{sc:newtailue}", "", "", "", ""},
    {"nko nkoo", "\\p{sc:nko}", "", "", "", ""},
    {"no othernumber", "\\p{no}", "", "1D2C0-1D2D3", "", ""},
    {"nshu nushu", "\\p{sc:nushu}", "", "", "", ""},
    {"odi otherdefaultignorablecodepoint", "", "",
     "34F 115F-1160 17B4-17B5 2065 3164 FFA0 FFF0-FFF8 E0000 E0002-E001F E0080-E00FF E01F0-E0FFF", "",
     ""},
    {"ogam ogham", "\\p{sc:ogham}", "", "", "", ""},
    {"oidc otheridcontinue", "", "", "B7 387 1369-1371 19DA 200C-200D 30FB FF65", "", ""},
    {"oids otheridstart", "", "", "1885-1886 2118 212E 309B-309C", "", ""},
    {"olchiki olck", "\\p{sc:olchiki}", "", "", "", ""},
    {"oldpermic perm", "\\p{sc:oldpermic}", "", "", "", ""},
    {"oldpersian xpeo", "\\p{sc:oldpersian}", "", "", "", ""},
    {"oldsogdian sogo", "\\p{sc:oldsogdian}", "", "", "", ""},
    {"oldsoutharabian sarb", "\\p{sc:oldsoutharabian}", "", "", "", ""},
    {"oldturkic orkh", "\\p{sc:oldturkic}", "", "", "", ""},
    {"olduyghur ougr", "\\p{sc:olduyghur}", "", "", "", ""},
    {"olonal onao", "", "", "1E5D0-1E5FA 1E5FF", "", ""},
    {"openpunctuation ps", "\\p{ps}", "", "", "", ""},
    {"oriya orya", "\\p{sc:oriya}", "", "", "", ""},
    {"osage osge", "\\p{sc:osage}", "", "", "", ""},
    {"osma osmanya", "\\p{sc:osmanya}", "", "", "", ""},
    {"otherpunctuation po", "\\p{po}", "",
     "1B4E-1B4F 1B7F 113D4-113D5 113D7-113D8 11B00-11B09 11BE1 11F43-11F4F 16D6D-16D6F 1E5FF", "", ""},
    {"othersymbol so", "\\p{so}", "",
     "2427-2429 2FFC-2FFF 31E4-31E5 31EF 1CC00-1CCEF 1CD00-1CEB3 1F6DC 1F774-1F776 1F77B-1F77F 1F7D9 "
     "1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF 1FAC6 1FACE-1FACF "
     "1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF",
     "", ""},
    {"otheruppercase oupper", "", "", "2160-216F 24B6-24CF 1F130-1F149 1F150-1F169 1F170-1F189", "",
     "2170-217F 24D0-24E9"},
    {"p punct punctuation", "\\p{p}", "",
     "1B4E-1B4F 1B7F 10D6E 113D4-113D5 113D7-113D8 11B00-11B09 11BE1 11F43-11F4F 16D6D-16D6F 1E5FF", "",
     ""},
    {"palm palmyrene", "\\p{sc:palmyrene}", "", "", "", ""},
    {"paragraphseparator zp", "\\p{zp}", "", "", "", ""},
    {"patsyn patternsyntax", "\\p{patternsyntax}", "", "", "", ""},
    {"patternwhitespace patws", "\\p{patternwhitespace}", "", "", "", ""},
    {"pauc paucinhau", "\\p{sc:paucinhau}", "", "", "", ""},
    {"pcm prependedconcatenationmark", "\\p{prependedconcatenationmark}", "", "", "", ""},
    {"phag phagspa", "\\p{sc:phagspa}", "", "", "", ""},
    {"phlp psalterpahlavi", "\\p{sc:psalterpahlavi}", "", "", "", ""},
    {"phnx phoenician", "\\p{sc:phoenician}", "", "", "", ""},
    {"posixpunct", "\\p{P}\\p{S}", "",
     "1B4E-1B4F 1B7F 2427-2429 2FFC-2FFF 31E4-31E5 31EF 10D6E 10D8E-10D8F 113D4-113D5 113D7-113D8 "
     "11B00-11B09 11BE1 11F43-11F4F 16D6D-16D6F 1CC00-1CCEF 1CD00-1CEB3 1E5FF 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF",
     "", ""},
    {"print", "\\P{Cn}", "\\p{Cc}\\p{Zl}\\p{Zp}",
     "897 CF3 ECE 1B4E-1B4F 1B7F 1C89-1C8A 2427-2429 2FFC-2FFF 31E4-31E5 31EF A7CB-A7CD A7DA-A7DC "
     "105C0-105F3 10D40-10D65 10D69-10D85 10D8E-10D8F 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 "
     "1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 113E1-113E2 "
     "116D0-116E3 11B00-11B09 11BC0-11BE1 11BF0-11BF9 11F00-11F10 11F12-11F3A 11F3E-11F5A 1342F "
     "13439-13455 13460-143FA 16100-16139 16D40-16D79 18CFF 1B132 1B155 1CC00-1CCF9 1CD00-1CEB3 "
     "1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 1E5D0-1E5FA 1E5FF 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF 2B739 2EBF0-2EE5D "
     "31350-323AF",
     "", ""},
    {"qmark quotationmark", "\\p{quotationmark}", "", "", "", ""},
    {"radical", "\\p{radical}", "", "", "", ""},
    {"regionalindicator ri", "\\p{regionalindicator}", "", "", "", ""},
    {"rejang rjng", "\\p{sc:rejang}", "", "", "", ""},
    {"runic runr", "\\p{sc:runic}", "", "", "", ""},
    {"s symbol", "\\p{s}", "",
     "2427-2429 2FFC-2FFF 31E4-31E5 31EF 10D8E-10D8F 1CC00-1CCEF 1CD00-1CEB3 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF",
     "", ""},
    {"samaritan samr", "\\p{sc:samaritan}", "", "", "", ""},
    {"saur saurashtra", "\\p{sc:saurashtra}", "", "", "", ""},
    {"sd softdotted", "\\p{softdotted}", "", "1E04C-1E04D 1E068", "",
     "49-4A 12E 197 248 37F 406 408 1E2C 1ECA A7B2"},
    {"sentenceterminal sterm", "\\p{sentenceterminal}", "",
     "17D4-17D5 1B4E-1B4F 1B7F 2024 2CF9-2CFB FE12 FE15-FE16 113D4-113D5 11F43-11F44 16D6E-16D6F", "",
     ""},
    {"separator z", "\\p{z}", "", "", "", ""},
    {"sgnw signwriting", "\\p{sc:signwriting}", "", "", "", ""},
    {"sharada shrd", "\\p{sc:sharada}", "", "", "", ""},
    {"shavian shaw", "\\p{sc:shavian}", "", "", "", ""},
    {"sidd siddham", "\\p{sc:siddham}", "", "", "", ""},
    {"sinh sinhala", "\\p{sc:sinhala}", "", "", "", ""},
    {"sogd sogdian", "\\p{sc:sogdian}", "", "", "", ""},
    {"sora sorasompeng", "\\p{sc:sorasompeng}", "", "", "", ""},
    {"soyo soyombo", "\\p{sc:soyombo}", "", "", "", ""},
    {"space whitespace wspace", "\\p{whitespace}", "", "", "", ""},
    {"spaceseparator zs", "\\p{zs}", "", "", "", ""},
    {"sund sundanese", "\\p{sc:sundanese}", "", "", "", ""},
    {"sunu sunuwar", "", "", "11BC0-11BE1 11BF0-11BF9", "", ""},
    {"sylo sylotinagri", "\\p{sc:sylotinagri}", "", "", "", ""},
    {"syrc syriac", "\\p{sc:syriac}", "", "", "", ""},
    {"tagalog tglg", "\\p{sc:tagalog}", "", "", "", ""},
    {"tagb tagbanwa", "\\p{sc:tagbanwa}", "", "", "", ""},
    {"taile tale", "\\p{sc:taile}", "", "", "", ""},
    {"taiviet tavt", "\\p{sc:taiviet}", "", "", "", ""},
    {"takr takri", "\\p{sc:takri}", "", "", "", ""},
    {"tamil taml", "\\p{sc:tamil}", "", "", "", ""},
    {"tang tangut", "\\p{sc:tangut}", "", "", "", ""},
    {"tangsa tnsa", "\\p{sc:tangsa}", "", "", "", ""},
    {"telu telugu", "\\p{sc:telugu}", "", "", "", ""},
    {"term terminalpunctuation", "\\p{terminalpunctuation}", "",
     "1B4E-1B4F 1B7F 2024 2CF9-2CFB FE12 FE15-FE16 113D4-113D5 11F43-11F44 16D6E-16D6F", "836", ""},
    {"tfng tifinagh", "\\p{sc:tifinagh}", "", "", "", ""},
    {"thaa thaana", "\\p{sc:thaana}", "", "", "", ""},
    {"thai", "\\p{sc:thai}", "", "", "", ""},
    {"tibetan tibt", "\\p{sc:tibetan}", "", "", "", ""},
    {"tirh tirhuta", "\\p{sc:tirhuta}", "", "", "", ""},
    {"todhri todr", "", "", "105C0-105F3", "", ""},
    {"toto", "\\p{sc:toto}", "", "", "", ""},
    {"tulutigalari tutg", "", "",
     "11380-11389 1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 "
     "113E1-113E2",
     "", ""},
    {"ugar ugaritic", "\\p{sc:ugaritic}", "", "", "", ""},
    {"uideo unifiedideograph", "\\p{unifiedideograph}", "", "2B739 2EBF0-2EE5D 31350-323AF", "", ""},
    {"unknown zzzz", "\\p{sc:unknown}", "", "",
     "897 CF3 ECE 1B4E-1B4F 1B7F 1C89-1C8A 2427-2429 2FFC-2FFF 31E4-31E5 31EF A7CB-A7CD A7DA-A7DC "
     "105C0-105F3 10D40-10D65 10D69-10D85 10D8E-10D8F 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 "
     "1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D5 113D7-113D8 113E1-113E2 "
     "116D0-116E3 11B00-11B09 11BC0-11BE1 11BF0-11BF9 11F00-11F10 11F12-11F3A 11F3E-11F5A 1342F "
     "13439-13455 13460-143FA 16100-16139 16D40-16D79 18CFF 1B132 1B155 1CC00-1CCF9 1CD00-1CEB3 "
     "1D2C0-1D2D3 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 1E5D0-1E5FA 1E5FF 1F6DC 1F774-1F776 "
     "1F77B-1F77F 1F7D9 1F8B2-1F8BB 1F8C0-1F8C1 1FA75-1FA77 1FA87-1FA89 1FA8F 1FAAD-1FAAF 1FABB-1FABF "
     "1FAC6 1FACE-1FACF 1FADA-1FADC 1FADF 1FAE8-1FAE9 1FAF7-1FAF8 1FBCB-1FBEF 2B739 2EBF0-2EE5D "
     "31350-323AF",
     ""},
    {"upper uppercase", "\\p{uppercase}", "", "1C89 A7CB-A7CC A7DA A7DC 10D50-10D65", "", "?"},
    {"vai vaii", "\\p{sc:vai}", "", "", "", ""},
    {"variationselector vs", "\\p{variationselector}", "", "", "", ""},
    {"vith vithkuqi", "\\p{sc:vithkuqi}", "", "", "", ""},
    {"wancho wcho", "\\p{sc:wancho}", "", "", "", ""},
    {"wara warangciti", "\\p{sc:warangciti}", "", "", "", ""},
    {"word", "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}", "",
     "897 CF3 ECE 1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D40-10D65 10D69-10D6D 10D6F-10D85 "
     "10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 1138B 1138E 11390-113B5 113B7-113C0 113C2 113C5 "
     "113C7-113CA 113CC-113D3 113E1-113E2 116D0-116E3 11BC0-11BE0 11BF0-11BF9 11F00-11F10 11F12-11F3A "
     "11F3E-11F42 11F50-11F5A 1342F 13440-13455 13460-143FA 16100-16139 16D40-16D6C 16D70-16D79 18CFF "
     "1B132 1B155 1CCF0-1CCF9 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 1E5D0-1E5FA 2B739 2EBF0-2EE5D "
     "31350-323AF",
     "", ""},
    {"xidc xidcontinue", "\\p{xidcontinue}", "",
     "897 CF3 ECE 1C89-1C8A 200C-200D 30FB A7CB-A7CD A7DA-A7DC FF65 105C0-105F3 10D40-10D65 "
     "10D69-10D6D 10D6F-10D85 10EC2-10EC4 10EFC-10EFF 1123F-11241 11380-11389 1138B 1138E 11390-113B5 "
     "113B7-113C0 113C2 113C5 113C7-113CA 113CC-113D3 113E1-113E2 116D0-116E3 11BC0-11BE0 11BF0-11BF9 "
     "11F00-11F10 11F12-11F3A 11F3E-11F42 11F50-11F5A 1342F 13440-13455 13460-143FA 16100-16139 "
     "16D40-16D6C 16D70-16D79 18CFF 1B132 1B155 1CCF0-1CCF9 1DF25-1DF2A 1E030-1E06D 1E08F 1E4D0-1E4F9 "
     "1E5D0-1E5FA 2B739 2EBF0-2EE5D 31350-323AF",
     "", ""},
    {"xids xidstart", "\\p{xidstart}", "",
     "1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D4A-10D65 10D6F-10D85 10EC2-10EC4 1123F-11240 "
     "11380-11389 1138B 1138E 11390-113B5 113B7 113D1 113D3 11BC0-11BE0 11F02 11F04-11F10 11F12-11F33 "
     "1342F 13441-13446 13460-143FA 16100-1611D 16D40-16D6C 18CFF 1B132 1B155 1DF25-1DF2A 1E030-1E06D "
     "1E4D0-1E4EB 1E5D0-1E5ED 1E5F0 2B739 2EBF0-2EE5D 31350-323AF",
     "", "345"},
    {"yezi yezidi", "\\p{sc:yezidi}", "", "", "", ""},
    {"yi yiii", "\\p{sc:yi}", "", "", "", ""},
    {"zanabazarsquare zanb", "\\p{sc:zanabazarsquare}", "", "", "", ""},
};

struct Block {
  std::string_view name;
  uint32_t first, last;
};
constexpr Block kBlocks[] = {
    {"adlam", 0x1E900, 0x1E95F}, {"aegeannumbers", 0x10100, 0x1013F}, {"ahom", 0x11700, 0x1174F},
    {"alchemicalsymbols", 0x1F700, 0x1F77F}, {"alphabeticpresentationforms", 0xFB00, 0xFB4F},
    {"anatolianhieroglyphs", 0x14400, 0x1467F}, {"ancientgreekmusicalnotation", 0x1D200, 0x1D24F},
    {"ancientgreeknumbers", 0x10140, 0x1018F}, {"ancientsymbols", 0x10190, 0x101CF}, {"arabic", 0x600, 0x6FF},
    {"arabicextendeda", 0x8A0, 0x8FF}, {"arabicextendedb", 0x870, 0x89F},
    {"arabicextendedc", 0x10EC0, 0x10EFF}, {"arabicmathematicalalphabeticsymbols", 0x1EE00, 0x1EEFF},
    {"arabicpresentationformsa", 0xFB50, 0xFDFF}, {"arabicpresentationformsb", 0xFE70, 0xFEFF},
    {"arabicsupplement", 0x750, 0x77F}, {"armenian", 0x530, 0x58F}, {"arrows", 0x2190, 0x21FF},
    {"avestan", 0x10B00, 0x10B3F}, {"balinese", 0x1B00, 0x1B7F}, {"bamum", 0xA6A0, 0xA6FF},
    {"bamumsupplement", 0x16800, 0x16A3F}, {"basiclatin", 0x0, 0x7F}, {"bassavah", 0x16AD0, 0x16AFF},
    {"batak", 0x1BC0, 0x1BFF}, {"bengali", 0x980, 0x9FF}, {"bhaiksuki", 0x11C00, 0x11C6F},
    {"blockelements", 0x2580, 0x259F}, {"bopomofo", 0x3100, 0x312F}, {"bopomofoextended", 0x31A0, 0x31BF},
    {"boxdrawing", 0x2500, 0x257F}, {"brahmi", 0x11000, 0x1107F}, {"braillepatterns", 0x2800, 0x28FF},
    {"buginese", 0x1A00, 0x1A1F}, {"buhid", 0x1740, 0x175F}, {"byzantinemusicalsymbols", 0x1D000, 0x1D0FF},
    {"carian", 0x102A0, 0x102DF}, {"caucasianalbanian", 0x10530, 0x1056F}, {"chakma", 0x11100, 0x1114F},
    {"cham", 0xAA00, 0xAA5F}, {"cherokee", 0x13A0, 0x13FF}, {"cherokeesupplement", 0xAB70, 0xABBF},
    {"chesssymbols", 0x1FA00, 0x1FA6F}, {"chorasmian", 0x10FB0, 0x10FDF},
    {"cjkcompatibility", 0x3300, 0x33FF}, {"cjkcompatibilityforms", 0xFE30, 0xFE4F},
    {"cjkcompatibilityideographs", 0xF900, 0xFAFF},
    {"cjkcompatibilityideographssupplement", 0x2F800, 0x2FA1F}, {"cjkradicalssupplement", 0x2E80, 0x2EFF},
    {"cjkstrokes", 0x31C0, 0x31EF}, {"cjksymbolsandpunctuation", 0x3000, 0x303F},
    {"cjkunifiedideographs", 0x4E00, 0x9FFF}, {"cjkunifiedideographsextensiona", 0x3400, 0x4DBF},
    {"cjkunifiedideographsextensionb", 0x20000, 0x2A6DF},
    {"cjkunifiedideographsextensionc", 0x2A700, 0x2B73F},
    {"cjkunifiedideographsextensiond", 0x2B740, 0x2B81F},
    {"cjkunifiedideographsextensione", 0x2B820, 0x2CEAF},
    {"cjkunifiedideographsextensionf", 0x2CEB0, 0x2EBEF},
    {"cjkunifiedideographsextensiong", 0x30000, 0x3134F},
    {"cjkunifiedideographsextensionh", 0x31350, 0x323AF},
    {"cjkunifiedideographsextensioni", 0x2EBF0, 0x2EE5F}, {"combiningdiacriticalmarks", 0x300, 0x36F},
    {"combiningdiacriticalmarksextended", 0x1AB0, 0x1AFF},
    {"combiningdiacriticalmarksforsymbols", 0x20D0, 0x20FF},
    {"combiningdiacriticalmarkssupplement", 0x1DC0, 0x1DFF}, {"combininghalfmarks", 0xFE20, 0xFE2F},
    {"commonindicnumberforms", 0xA830, 0xA83F}, {"controlpictures", 0x2400, 0x243F},
    {"coptic", 0x2C80, 0x2CFF}, {"copticepactnumbers", 0x102E0, 0x102FF},
    {"countingrodnumerals", 0x1D360, 0x1D37F}, {"cuneiform", 0x12000, 0x123FF},
    {"cuneiformnumbersandpunctuation", 0x12400, 0x1247F}, {"currencysymbols", 0x20A0, 0x20CF},
    {"cypriotsyllabary", 0x10800, 0x1083F}, {"cyprominoan", 0x12F90, 0x12FFF}, {"cyrillic", 0x400, 0x4FF},
    {"cyrillicextendeda", 0x2DE0, 0x2DFF}, {"cyrillicextendedb", 0xA640, 0xA69F},
    {"cyrillicextendedc", 0x1C80, 0x1C8F}, {"cyrillicextendedd", 0x1E030, 0x1E08F},
    {"cyrillicsupplement", 0x500, 0x52F}, {"deseret", 0x10400, 0x1044F}, {"devanagari", 0x900, 0x97F},
    {"devanagariextended", 0xA8E0, 0xA8FF}, {"devanagariextendeda", 0x11B00, 0x11B5F},
    {"dingbats", 0x2700, 0x27BF}, {"divesakuru", 0x11900, 0x1195F}, {"dogra", 0x11800, 0x1184F},
    {"dominotiles", 0x1F030, 0x1F09F}, {"duployan", 0x1BC00, 0x1BC9F},
    {"earlydynasticcuneiform", 0x12480, 0x1254F}, {"egyptianhieroglyphformatcontrols", 0x13430, 0x1345F},
    {"egyptianhieroglyphs", 0x13000, 0x1342F}, {"egyptianhieroglyphsextendeda", 0x13460, 0x143FF},
    {"elbasan", 0x10500, 0x1052F}, {"elymaic", 0x10FE0, 0x10FFF}, {"emoticons", 0x1F600, 0x1F64F},
    {"enclosedalphanumerics", 0x2460, 0x24FF}, {"enclosedalphanumericsupplement", 0x1F100, 0x1F1FF},
    {"enclosedcjklettersandmonths", 0x3200, 0x32FF}, {"enclosedideographicsupplement", 0x1F200, 0x1F2FF},
    {"ethiopic", 0x1200, 0x137F}, {"ethiopicextended", 0x2D80, 0x2DDF}, {"ethiopicextendeda", 0xAB00, 0xAB2F},
    {"ethiopicextendedb", 0x1E7E0, 0x1E7FF}, {"ethiopicsupplement", 0x1380, 0x139F},
    {"garay", 0x10D40, 0x10D8F}, {"generalpunctuation", 0x2000, 0x206F}, {"geometricshapes", 0x25A0, 0x25FF},
    {"geometricshapesextended", 0x1F780, 0x1F7FF}, {"georgian", 0x10A0, 0x10FF},
    {"georgianextended", 0x1C90, 0x1CBF}, {"georgiansupplement", 0x2D00, 0x2D2F},
    {"glagolitic", 0x2C00, 0x2C5F}, {"glagoliticsupplement", 0x1E000, 0x1E02F}, {"gothic", 0x10330, 0x1034F},
    {"grantha", 0x11300, 0x1137F}, {"greekandcoptic", 0x370, 0x3FF}, {"greekextended", 0x1F00, 0x1FFF},
    {"gujarati", 0xA80, 0xAFF}, {"gunjalagondi", 0x11D60, 0x11DAF}, {"gurmukhi", 0xA00, 0xA7F},
    {"gurungkhema", 0x16100, 0x1613F}, {"halfwidthandfullwidthforms", 0xFF00, 0xFFEF},
    {"hangulcompatibilityjamo", 0x3130, 0x318F}, {"hanguljamo", 0x1100, 0x11FF},
    {"hanguljamoextendeda", 0xA960, 0xA97F}, {"hanguljamoextendedb", 0xD7B0, 0xD7FF},
    {"hangulsyllables", 0xAC00, 0xD7AF}, {"hanifirohingya", 0x10D00, 0x10D3F}, {"hanunoo", 0x1720, 0x173F},
    {"hatran", 0x108E0, 0x108FF}, {"hebrew", 0x590, 0x5FF}, {"hiragana", 0x3040, 0x309F},
    {"ideographicdescriptioncharacters", 0x2FF0, 0x2FFF},
    {"ideographicsymbolsandpunctuation", 0x16FE0, 0x16FFF}, {"imperialaramaic", 0x10840, 0x1085F},
    {"indicsiyaqnumbers", 0x1EC70, 0x1ECBF}, {"inscriptionalpahlavi", 0x10B60, 0x10B7F},
    {"inscriptionalparthian", 0x10B40, 0x10B5F}, {"ipaextensions", 0x250, 0x2AF},
    {"javanese", 0xA980, 0xA9DF}, {"kaithi", 0x11080, 0x110CF}, {"kaktoviknumerals", 0x1D2C0, 0x1D2DF},
    {"kanaextendeda", 0x1B100, 0x1B12F}, {"kanaextendedb", 0x1AFF0, 0x1AFFF},
    {"kanasupplement", 0x1B000, 0x1B0FF}, {"kanbun", 0x3190, 0x319F}, {"kangxiradicals", 0x2F00, 0x2FDF},
    {"kannada", 0xC80, 0xCFF}, {"katakana", 0x30A0, 0x30FF}, {"katakanaphoneticextensions", 0x31F0, 0x31FF},
    {"kawi", 0x11F00, 0x11F5F}, {"kayahli", 0xA900, 0xA92F}, {"kharoshthi", 0x10A00, 0x10A5F},
    {"khitansmallscript", 0x18B00, 0x18CFF}, {"khmer", 0x1780, 0x17FF}, {"khmersymbols", 0x19E0, 0x19FF},
    {"khojki", 0x11200, 0x1124F}, {"khudawadi", 0x112B0, 0x112FF}, {"kiratrai", 0x16D40, 0x16D7F},
    {"lao", 0xE80, 0xEFF}, {"latin1supplement", 0x80, 0xFF}, {"latinextendeda", 0x100, 0x17F},
    {"latinextendedadditional", 0x1E00, 0x1EFF}, {"latinextendedb", 0x180, 0x24F},
    {"latinextendedc", 0x2C60, 0x2C7F}, {"latinextendedd", 0xA720, 0xA7FF},
    {"latinextendede", 0xAB30, 0xAB6F}, {"latinextendedf", 0x10780, 0x107BF},
    {"latinextendedg", 0x1DF00, 0x1DFFF}, {"lepcha", 0x1C00, 0x1C4F}, {"letterlikesymbols", 0x2100, 0x214F},
    {"limbu", 0x1900, 0x194F}, {"lineara", 0x10600, 0x1077F}, {"linearbideograms", 0x10080, 0x100FF},
    {"linearbsyllabary", 0x10000, 0x1007F}, {"lisu", 0xA4D0, 0xA4FF}, {"lisusupplement", 0x11FB0, 0x11FBF},
    {"lycian", 0x10280, 0x1029F}, {"lydian", 0x10920, 0x1093F}, {"mahajani", 0x11150, 0x1117F},
    {"mahjongtiles", 0x1F000, 0x1F02F}, {"makasar", 0x11EE0, 0x11EFF}, {"malayalam", 0xD00, 0xD7F},
    {"mandaic", 0x840, 0x85F}, {"manichaean", 0x10AC0, 0x10AFF}, {"marchen", 0x11C70, 0x11CBF},
    {"masaramgondi", 0x11D00, 0x11D5F}, {"mathematicalalphanumericsymbols", 0x1D400, 0x1D7FF},
    {"mathematicaloperators", 0x2200, 0x22FF}, {"mayannumerals", 0x1D2E0, 0x1D2FF},
    {"medefaidrin", 0x16E40, 0x16E9F}, {"meeteimayek", 0xABC0, 0xABFF},
    {"meeteimayekextensions", 0xAAE0, 0xAAFF}, {"mendekikakui", 0x1E800, 0x1E8DF},
    {"meroiticcursive", 0x109A0, 0x109FF}, {"meroitichieroglyphs", 0x10980, 0x1099F},
    {"miao", 0x16F00, 0x16F9F}, {"miscellaneousmathematicalsymbolsa", 0x27C0, 0x27EF},
    {"miscellaneousmathematicalsymbolsb", 0x2980, 0x29FF}, {"miscellaneoussymbols", 0x2600, 0x26FF},
    {"miscellaneoussymbolsandarrows", 0x2B00, 0x2BFF},
    {"miscellaneoussymbolsandpictographs", 0x1F300, 0x1F5FF}, {"miscellaneoustechnical", 0x2300, 0x23FF},
    {"modi", 0x11600, 0x1165F}, {"modifiertoneletters", 0xA700, 0xA71F}, {"mongolian", 0x1800, 0x18AF},
    {"mongoliansupplement", 0x11660, 0x1167F}, {"mro", 0x16A40, 0x16A6F}, {"multani", 0x11280, 0x112AF},
    {"musicalsymbols", 0x1D100, 0x1D1FF}, {"myanmar", 0x1000, 0x109F}, {"myanmarextendeda", 0xAA60, 0xAA7F},
    {"myanmarextendedb", 0xA9E0, 0xA9FF}, {"myanmarextendedc", 0x116D0, 0x116FF},
    {"nabataean", 0x10880, 0x108AF}, {"nagmundari", 0x1E4D0, 0x1E4FF}, {"nandinagari", 0x119A0, 0x119FF},
    {"newa", 0x11400, 0x1147F}, {"newtailue", 0x1980, 0x19DF}, {"nko", 0x7C0, 0x7FF},
    {"numberforms", 0x2150, 0x218F}, {"nushu", 0x1B170, 0x1B2FF}, {"nyiakengpuachuehmong", 0x1E100, 0x1E14F},
    {"ogham", 0x1680, 0x169F}, {"olchiki", 0x1C50, 0x1C7F}, {"oldhungarian", 0x10C80, 0x10CFF},
    {"olditalic", 0x10300, 0x1032F}, {"oldnortharabian", 0x10A80, 0x10A9F}, {"oldpermic", 0x10350, 0x1037F},
    {"oldpersian", 0x103A0, 0x103DF}, {"oldsogdian", 0x10F00, 0x10F2F}, {"oldsoutharabian", 0x10A60, 0x10A7F},
    {"oldturkic", 0x10C00, 0x10C4F}, {"olduyghur", 0x10F70, 0x10FAF}, {"olonal", 0x1E5D0, 0x1E5FF},
    {"opticalcharacterrecognition", 0x2440, 0x245F}, {"oriya", 0xB00, 0xB7F},
    {"ornamentaldingbats", 0x1F650, 0x1F67F}, {"osage", 0x104B0, 0x104FF}, {"osmanya", 0x10480, 0x104AF},
    {"ottomansiyaqnumbers", 0x1ED00, 0x1ED4F}, {"pahawhhmong", 0x16B00, 0x16B8F},
    {"palmyrene", 0x10860, 0x1087F}, {"paucinhau", 0x11AC0, 0x11AFF}, {"phagspa", 0xA840, 0xA87F},
    {"phaistosdisc", 0x101D0, 0x101FF}, {"phoenician", 0x10900, 0x1091F},
    {"phoneticextensions", 0x1D00, 0x1D7F}, {"phoneticextensionssupplement", 0x1D80, 0x1DBF},
    {"playingcards", 0x1F0A0, 0x1F0FF}, {"privateusearea", 0xE000, 0xF8FF},
    {"psalterpahlavi", 0x10B80, 0x10BAF}, {"rejang", 0xA930, 0xA95F},
    {"ruminumeralsymbols", 0x10E60, 0x10E7F}, {"runic", 0x16A0, 0x16FF}, {"samaritan", 0x800, 0x83F},
    {"saurashtra", 0xA880, 0xA8DF}, {"sharada", 0x11180, 0x111DF}, {"shavian", 0x10450, 0x1047F},
    {"shorthandformatcontrols", 0x1BCA0, 0x1BCAF}, {"siddham", 0x11580, 0x115FF}, {"sinhala", 0xD80, 0xDFF},
    {"sinhalaarchaicnumbers", 0x111E0, 0x111FF}, {"smallformvariants", 0xFE50, 0xFE6F},
    {"smallkanaextension", 0x1B130, 0x1B16F}, {"sogdian", 0x10F30, 0x10F6F},
    {"sorasompeng", 0x110D0, 0x110FF}, {"soyombo", 0x11A50, 0x11AAF},
    {"spacingmodifierletters", 0x2B0, 0x2FF}, {"specials", 0xFFF0, 0xFFFF}, {"sundanese", 0x1B80, 0x1BBF},
    {"sundanesesupplement", 0x1CC0, 0x1CCF}, {"sunuwar", 0x11BC0, 0x11BFF},
    {"superscriptsandsubscripts", 0x2070, 0x209F}, {"supplementalarrowsa", 0x27F0, 0x27FF},
    {"supplementalarrowsb", 0x2900, 0x297F}, {"supplementalarrowsc", 0x1F800, 0x1F8FF},
    {"supplementalmathematicaloperators", 0x2A00, 0x2AFF}, {"supplementalpunctuation", 0x2E00, 0x2E7F},
    {"supplementalsymbolsandpictographs", 0x1F900, 0x1F9FF}, {"suttonsignwriting", 0x1D800, 0x1DAAF},
    {"sylotinagri", 0xA800, 0xA82F}, {"symbolsandpictographsextendeda", 0x1FA70, 0x1FAFF},
    {"symbolsforlegacycomputing", 0x1FB00, 0x1FBFF},
    {"symbolsforlegacycomputingsupplement", 0x1CC00, 0x1CEBF}, {"syriac", 0x700, 0x74F},
    {"syriacsupplement", 0x860, 0x86F}, {"tagalog", 0x1700, 0x171F}, {"tagbanwa", 0x1760, 0x177F},
    {"tags", 0xE0000, 0xE007F}, {"taile", 0x1950, 0x197F}, {"taitham", 0x1A20, 0x1AAF},
    {"taiviet", 0xAA80, 0xAADF}, {"taixuanjingsymbols", 0x1D300, 0x1D35F}, {"takri", 0x11680, 0x116CF},
    {"tamil", 0xB80, 0xBFF}, {"tamilsupplement", 0x11FC0, 0x11FFF}, {"tangsa", 0x16A70, 0x16ACF},
    {"tangut", 0x17000, 0x187FF}, {"tangutcomponents", 0x18800, 0x18AFF},
    {"tangutsupplement", 0x18D00, 0x18D7F}, {"telugu", 0xC00, 0xC7F}, {"thaana", 0x780, 0x7BF},
    {"thai", 0xE00, 0xE7F}, {"tibetan", 0xF00, 0xFFF}, {"tifinagh", 0x2D30, 0x2D7F},
    {"tirhuta", 0x11480, 0x114DF}, {"todhri", 0x105C0, 0x105FF}, {"toto", 0x1E290, 0x1E2BF},
    {"transportandmapsymbols", 0x1F680, 0x1F6FF}, {"tulutigalari", 0x11380, 0x113FF},
    {"ugaritic", 0x10380, 0x1039F}, {"unifiedcanadianaboriginalsyllabics", 0x1400, 0x167F},
    {"unifiedcanadianaboriginalsyllabicsextended", 0x18B0, 0x18FF},
    {"unifiedcanadianaboriginalsyllabicsextendeda", 0x11AB0, 0x11ABF}, {"vai", 0xA500, 0xA63F},
    {"variationselectors", 0xFE00, 0xFE0F}, {"variationselectorssupplement", 0xE0100, 0xE01EF},
    {"vedicextensions", 0x1CD0, 0x1CFF}, {"verticalforms", 0xFE10, 0xFE1F}, {"vithkuqi", 0x10570, 0x105BF},
    {"wancho", 0x1E2C0, 0x1E2FF}, {"warangciti", 0x118A0, 0x118FF}, {"yezidi", 0x10E80, 0x10EBF},
    {"yijinghexagramsymbols", 0x4DC0, 0x4DFF}, {"yiradicals", 0xA490, 0xA4CF},
    {"yisyllables", 0xA000, 0xA48F}, {"zanabazarsquare", 0x11A00, 0x11A4F},
    {"znamennymusicalnotation", 0x1CF00, 0x1CFCF},
};

/// Whether `name` is one of the words in `names`.
bool has_word(std::string_view names, std::string_view name) {
  if (name.empty()) return false;
  for (size_t at = names.find(name); at != std::string_view::npos; at = names.find(name, at + 1)) {
    const size_t end = at + name.size();
    if ((at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' ')) return true;
  }
  return false;
}

}  // namespace

const RegexProperty* find_property(std::string_view name) {
  const auto* at = std::find_if(std::begin(kProperties), std::end(kProperties),
                                [&](const RegexProperty& one) { return has_word(one.names, name); });
  return at == std::end(kProperties) ? nullptr : at;
}

std::optional<std::pair<uint32_t, uint32_t>> find_block(std::string_view name) {
  const auto* at = std::find_if(std::begin(kBlocks), std::end(kBlocks),
                                [&](const Block& one) { return one.name == name; });
  if (at == std::end(kBlocks)) return std::nullopt;
  return std::pair(at->first, at->last);
}

}  // namespace hone
