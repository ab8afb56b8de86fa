local display = require "stepfn.display"

describe("stepfn.display.clean", function()
  it("leaves one line, in which nothing steers a terminal", function()
    assert.equal("a [31mb c", display.clean "a\27[31mb\nc")
    assert.equal("a b c", display.clean "a\0b\127c")
    assert.equal("a b", display.clean "a\194\155b")
  end)

  it("leaves nothing that turns the direction of writing", function()
    assert.equal("a b c", display.clean "a\226\128\174b\226\129\166c")
  end)

  it("leaves every other character", function()
    assert.equal("für 日本 …", display.clean "für 日本 …")
  end)
end)

describe("stepfn.display.lines", function()
  it("cleans each line of several", function()
    assert.equal("a b\nc d", display.lines "a\27b\nc\rd")
  end)
end)

describe("stepfn.display.width", function()
  it("is one column a character, also of several bytes", function()
    assert.equal(3, display.width "abc")
    assert.equal(5, display.width "äöü…≤")
  end)

  it("is two columns for what is wide", function()
    assert.equal(4, display.width "日本")
    assert.equal(2, display.width "😀")
  end)

  it("is none for what stands on another character", function()
    assert.equal(1, display.width "e\204\129")
  end)
end)

describe("stepfn.display.short", function()
  it("leaves a text that fits", function()
    assert.equal("abc", display.short("abc", 3))
  end)

  it("cuts at characters, not at bytes", function()
    assert.equal("äöü…", display.short("äöüäöü", 4))
  end)

  it("counts columns", function()
    assert.equal("日…", display.short("日本語", 4))
  end)

  it("lets no control character through to the terminal", function()
    assert.equal("a [31mb", display.short("a\27[31mb", 20))
  end)
end)
