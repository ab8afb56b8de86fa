local folder = require "stepfn.store.folder"
local system = require "spec.support.system"

local function keys_of(page)
  local keys = {}
  for i, item in ipairs(page.items) do
    keys[i] = item.Key
  end
  return table.concat(keys, " ")
end

describe("stepfn.store.folder", function()
  local root, store

  before_each(function()
    root = system.new_folder()
    store = folder.new(root)
  end)

  after_each(function()
    system.remove_folder(root)
  end)

  it("needs a folder that is there", function()
    assert.has_error(function() folder.new(root .. "/no") end)
    assert.has_error(function() folder.new(nil) end)
  end)

  it("keeps the object KEY of BUCKET in the file ROOT/BUCKET/KEY", function()
    assert(store:put("b", "x/y.txt", "hello", 0, true))
    local file = assert(io.open(root .. "/b/x/y.txt", "rb"))
    assert.equal("hello", file:read "*a")
    file:close()
  end)

  it("has an object when its last bytes are there, and not before", function()
    assert(store:put("b", "k", "one ", 0, false))
    assert.is_nil(store:get("b", "k", 0, 100))
    assert(store:put("b", "k", "two", 4, true))
    assert.equal("one two", store:get("b", "k", 0, 100).bytes)
  end)

  it("is not harmed by bytes that come twice", function()
    assert(store:put("b", "k", "one ", 0, false))
    assert(store:put("b", "k", "two ", 4, false))
    assert(store:put("b", "k", "two ", 4, false))
    assert(store:put("b", "k", "three", 8, true))
    assert.equal("one two three", store:get("b", "k", 0, 100).bytes)
  end)

  it("replaces an object as a whole", function()
    assert(store:put("b", "k", "a long one", 0, true))
    assert(store:put("b", "k", "short", 0, true))
    assert.equal("short", store:get("b", "k", 0, 100).bytes)
  end)

  it("gives an object in pieces and says which is the last", function()
    assert(store:put("b", "k", "abcde", 0, true))
    local piece = store:get("b", "k", 0, 2)
    assert.same({ "ab", false }, { piece.bytes, piece.last })
    piece = store:get("b", "k", 4, 2)
    assert.same({ "e", true }, { piece.bytes, piece.last })
    piece = store:get("b", "k", 3, 2)
    assert.same({ "de", true }, { piece.bytes, piece.last })
  end)

  it("says when there is no such object or bucket", function()
    assert.same({ nil, "The specified key does not exist: s3://b/k" }, { store:get("b", "k", 0, 1) })
    assert.same({ nil, "The specified bucket does not exist: b" }, { store:list "b" })
  end)

  it("lets nobody out of its root", function()
    for _, key in ipairs { "../x", "a/../../x", "/etc/passwd", "a//b", ".", "a/.", "", "a\0b", "..\\x" } do
      assert.is_nil(store:get("b", key, 0, 1))
      assert.is_nil(store:put("b", key, "x", 0, true))
    end
    for _, bucket in ipairs { "..", ".", "", "a/b", ".parts", "a..b" } do
      assert.is_nil(store:get(bucket, "k", 0, 1))
      assert.is_nil(store:list(bucket))
    end
  end)

  it("lets nobody out through links, and does not walk in circles", function()
    local outside = os.tmpname()
    local file = assert(io.open(outside, "w"))
    file:write "secret"
    file:close()
    assert(store:put("b", "in", "x", 0, true))
    os.execute(("cd '%s/b' && ln -s '%s' file && ln -s /tmp folder && ln -s . circle && ln -s in near"):format(root, outside))
    os.execute(("ln -s /tmp '%s/outside'"):format(root))
    assert.is_nil(store:get("b", "file", 0, 1))
    assert.is_nil(store:get("b", "folder/" .. outside:match "[^/]*$", 0, 1))
    assert.is_nil(store:put("b", "folder/new", "x", 0, true))
    assert.is_nil(store:put("b", "file", "x", 0, true))
    assert.is_nil(store:list "outside")
    assert.equal("x", store:get("b", "near", 0, 1).bytes)
    assert.equal("in near", keys_of(store:list "b"))
    os.remove(outside)
  end)

  it("lists objects in the byte order of their keys", function()
    for _, key in ipairs { "b", "a/z", "a.txt", "a/b/c", "a-", "a0" } do
      assert(store:put("k", key, key, 0, true))
    end
    local page = store:list "k"
    assert.equal("a- a.txt a/b/c a/z a0 b", keys_of(page))
    assert.equal(5, page.items[2].Size)
    assert.equal("STANDARD", page.items[2].StorageClass)
    assert.is_nil(page.cursor)
  end)

  it("lists those with a prefix alone", function()
    for _, key in ipairs { "in/1", "in/2", "inside", "out/1" } do
      assert(store:put("k", key, "", 0, true))
    end
    assert.equal("in/1 in/2", keys_of(store:list("k", "in/")))
    assert.equal("in/1 in/2 inside", keys_of(store:list("k", "in")))
    assert.equal("", keys_of(store:list("k", "no")))
  end)

  it("lists a thousand at once, and goes on where it ended, in another process too", function()
    for i = 1, 1005 do
      assert(store:put("k", ("d%d/f%04d"):format(i % 2, i), "", 0, true))
    end
    local first = store:list "k"
    assert.equal(1000, #first.items)
    assert.equal("d1/f0997 d1/f0999 d1/f1001 d1/f1003 d1/f1005", keys_of(store:list("k", nil, first.cursor)))
    assert.equal("d1/f0997 d1/f0999 d1/f1001 d1/f1003 d1/f1005", keys_of(folder.new(root):list("k", nil, first.cursor)))
  end)
end)
